using System.Text.Json;
using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Running;

/// <summary>Converts errors to the form that tests see.</summary>
internal static class TestErrors
{
    public static TestError Of(StepError error, Node? node) =>
        new(error.SqlState, error.Message, error.Detail, error.Hint, node?.Number, node is null ? null : StepNames.Of(node), error.Sql);

    /// <summary>Converts an instance's error, which has the form of <c>df.error</c>.</summary>
    public static TestError Of(string errorJson, WorkflowGraph graph)
    {
        var root = JsonElement.Parse(errorJson);
        string? Text(string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var node = Text("node") is { } id ? graph.Nodes[Convert.ToInt32(id, 16)] : null;
        return new TestError(
            Text("sqlstate") ?? "XX000", Text("message") ?? "", Text("detail"), Text("hint"), node?.Number,
            node is null ? null : StepNames.Of(node), Text("sql"));
    }
}
