using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Replay;

/// <summary>A parsed history in the format of <c>df.export_history</c>.</summary>
internal sealed record RecordedRun(
    string GraphJson, WorkflowGraph Graph, InstanceFacts Facts, DateTimeOffset StartedAt, string Status, string? ResultJson,
        string? ErrorJson, IReadOnlyList<RecordedInput> Inputs)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 20_000 };

    /// <exception cref="FormatException">The text isn't a history.</exception>
    public static RecordedRun Parse(string json)
    {
        try
        {
            var root = JsonElement.Parse(json, Options);
            if (root.GetProperty("format").GetInt32() is not 1 and var format)
            {
                throw new FormatException(
                    $"The history has format {format}, but this version of PgDurable.Testing only reads format 1. Update the package.");
            }

            var vars = root.TryGetProperty("vars", out var given) && given.ValueKind == JsonValueKind.Object
                ? given.EnumerateObject().ToImmutableDictionary(variable => variable.Name, variable => variable.Value.GetString()!)
                : ImmutableDictionary<string, string>.Empty;
            var graph = root.GetProperty("graph").GetRawText();
            var started = root.GetProperty("started_at");
            return new RecordedRun(
                graph, WorkflowGraph.Parse(graph), new InstanceFacts(
                    Text(root, "instance") ?? "", Text(root, "label"), Raw(root, "input"), vars, TimeSpan.FromSeconds(1)),
                started.ValueKind == JsonValueKind.Null ? default : Moment(started), Text(root, "status")
                    ?? "running", Raw(root, "result"), Raw(root, "error"),
                [.. root.GetProperty("checkpoints").EnumerateArray().Select(Input).OrderBy(input => input.Seq)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or GraphFormatException)
        {
            throw new FormatException($"The text isn't a history from df.export_history: {e.Message}", e);
        }
    }

    private static RecordedInput Input(JsonElement row)
    {
        var result = Raw(row, "result");
        var error = Raw(row, "error");
        var started = row.TryGetProperty("started_at", out var at) && at.ValueKind == JsonValueKind.String ? Moment(at)
            : Moment(row.GetProperty("finished_at"));
        // JSON null is a valid result, so a missing result means null unless there is an error.
        return new RecordedInput(row.GetProperty("seq").GetInt32(), started, new Checkpoint(
            new ExecutionKey(row.GetProperty("node").GetInt32(), row.GetProperty("path").GetString()!),
                Moment(row.GetProperty("finished_at")),
            error is null ? new StepResult(result ?? "null", ResultColumns.Deserialize(Raw(row, "columns"))) : null,
            error is null ? null : Worker.Store.ErrorJson.Read(error), row.GetProperty("attempt").GetInt32()));
    }

    private static string? Text(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Raw(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value.GetRawText() : null;

    private static DateTimeOffset Moment(JsonElement text) =>
        DateTimeOffset.Parse(
            text.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}

/// <summary>A checkpoint of a history.</summary>
/// <param name="Seq">The checkpoint's number.</param>
/// <param name="StartedAt">When the step started.</param>
/// <param name="Input">The input of the engine.</param>
internal sealed record RecordedInput(int Seq, DateTimeOffset StartedAt, Checkpoint Input);
