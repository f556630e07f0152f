using System.Text.Json;
using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Running;

/// <summary>Converts errors to the form that tests see.</summary>
internal static class TestErrors
{
    public static TestError Of(StepError error, Node? node) =>
        new(error.SqlState, error.Message, error.Detail, error.Hint, node?.Number, node?.Name, error.Sql);

    /// <summary>Converts an error that has the form of <c>df.error</c>.</summary>
    public static TestError Of(string errorJson)
    {
        var root = JsonElement.Parse(errorJson);
        string? Text(string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new TestError(
            Text("sqlstate") ?? "XX000", Text("message") ?? "", Text("detail"), Text("hint"),
            Text("node") is { } node ? Convert.ToInt32(node, 16) : null, Text("step"), Text("sql"));
    }
}
