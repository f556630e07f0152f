using System.Text.Json;

namespace PgDurable;

/// <summary>The JSON that <c>df.error</c> returns. An absent member means the same as null; unknown members are ignored.</summary>
internal sealed record WorkflowError(
    string Message, string? SqlState, string? Step, string? Detail, string? Hint, string? Sql, string? Source = null)
{
    private const string CancelledPrefix = "canceled: ";

    /// <summary>The reason, without the prefix that the database adds.</summary>
    public string CancellationReason =>
        Message.StartsWith(CancelledPrefix, StringComparison.Ordinal) ? Message[CancelledPrefix.Length..] : Message;

    public static WorkflowError Parse(string? json)
    {
        if (json is null)
            return new("no reason was recorded", null, null, null, null, null);

        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(
            Text(root, "message") ?? "no message was recorded", Text(root, "sqlstate"), Text(root, "step"), Text(root, "detail"),
            Text(root, "hint"), Text(root, "sql"), Text(root, "source"));
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
