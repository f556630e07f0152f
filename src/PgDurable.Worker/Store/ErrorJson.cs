using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>Writes the JSON that <c>df.error()</c> shows.</summary>
internal static partial class ErrorJson
{
    // Enough to recognise the statement. A substituted value may have megabytes.
    private const int MaxSqlLength = 10_000;
    // As ReadChild writes it.
    [GeneratedRegex("^child workflow [0-9a-f]{8} (failed|cancelled): ")]
    private static partial Regex OfChild { get; }

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(StepError error, Node? node, int attempt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("message", error.Message);
            json.WriteString("sqlstate", error.SqlState);
            if (error.Detail is not null)
                json.WriteString("detail", error.Detail);
            if (error.Hint is not null)
                json.WriteString("hint", error.Hint);
            if (error.RetryAfterSeconds is { } seconds)
                json.WriteNumber("retry_after", seconds);
            if (error.IsRetryable is { } isRetryable)
                json.WriteBoolean("retryable", isRetryable);
            if (node is not null)
            {
                json.WriteString("node", node.Id);
                json.WriteString("step", node.Name);
                json.WriteNumber("attempt", attempt);
            }
            if (error.IsFatal)
                json.WriteBoolean("fatal", true);
            if (error.Sql is { } sql)
                json.WriteString("sql", sql.Length <= MaxSqlLength ? sql : sql[..MaxSqlLength] + " …");
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>An error as it was recorded.</summary>
    public static StepError Read(string errorJson)
    {
        using var json = JsonDocument.Parse(errorJson);
        var root = json.RootElement;
        string? Text(string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new StepError(Text("message") ?? "", Text("sqlstate") ?? "XX000", Text("detail"), Text("hint"), Text("sql"),
            root.TryGetProperty("fatal", out _))
        {
            RetryAfterSeconds = root.TryGetProperty("retry_after", out var seconds) && seconds.ValueKind == JsonValueKind.Number
                ? seconds.GetDouble() : null,
            IsRetryable = root.TryGetProperty("retryable", out var retryable)
                && retryable.ValueKind is JsonValueKind.True or JsonValueKind.False ? retryable.GetBoolean() : null,
        };
    }

    /// <summary>
    /// The error of a child workflow, as its parent's step has it. It names that child, and no children of the child's: the message stays
    /// as long however deep the calls are, and the hint leads to the one that failed first.
    /// </summary>
    public static StepError ReadChild(ChildRow child)
    {
        var error = child.ErrorJson is null ? new StepError("", DurableErrorCodes.Failed) : Read(child.ErrorJson);
        return error with
        {
            Message = $"child workflow {child.Id} {child.Status}: {OfChild.Replace(error.Message, "")}",
            Hint = error.Hint ?? $"See df.error('{child.Id}').",
            Sql = null,
            IsFatal = false,
            IsRetryable = null,
        };
    }
}
