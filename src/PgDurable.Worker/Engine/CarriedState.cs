using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PgDurable.Worker.Engine;

/// <summary>What one iteration of a loop passes to the next: the names it bound, the undos of its steps, and its result.</summary>
internal static class CarriedState
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 20_000 };

    /// <param name="frame">The loop.</param>
    /// <param name="memory">What it remembers.</param>
    /// <param name="undos">The undos of its scope.</param>
    /// <param name="at">When the next iteration begins; null means when the input arrives that has this as its result.</param>
    public static StepResult Write(Frame frame, LoopMemory memory, UndoStack undos, DateTimeOffset? at)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("iteration", memory.Iteration);
            if (at is { } moment)
                json.WriteString("at", Text(moment));
            if (memory.HasEverWaited)
                json.WriteBoolean("waited", true);
            if (memory.LastError is { } error)
            {
                json.WriteNumber("failed_iterations", memory.FailedIterations);
                json.WriteStartObject("last_error");
                json.WriteString("message", error.Message);
                json.WriteString("sqlstate", error.SqlState);
                json.WriteString("node", error.Node);
                json.WriteEndObject();
            }
            json.WritePropertyName("result");
            json.WriteRawValue(memory.Result is { } completed ? completed.Result.Json : "null", skipInputValidation: true);
            WriteNames(json, memory.NamesBefore, frame.Scope.Names);
            json.WriteStartArray("undos");
            foreach (var undo in undos.Under(frame))
            {
                json.WriteStartObject();
                json.WriteNumber("node", undo.Node);
                json.WriteString("path", undo.Path);
                json.WriteString("at", Text(undo.At));
                WriteNames(json, memory.NamesBefore, undo.Names);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return new StepResult(Encoding.UTF8.GetString(buffer.WrittenSpan), null);
    }

    /// <summary>Restores the state, and returns when the next iteration began, if that is known.</summary>
    public static DateTimeOffset? Restore(StepResult carried, Frame frame, LoopMemory memory, UndoStack undos)
    {
        using var document = JsonDocument.Parse(carried.Json, ReadOptions);
        var root = document.RootElement;
        foreach (var (name, result) in ReadNames(root))
            frame.Scope.Bind(name, result);
        memory.HasEverWaited |= root.TryGetProperty("waited", out _);
        if (root.TryGetProperty("last_error", out var error))
        {
            memory.FailedIterations = root.GetProperty("failed_iterations").GetInt32();
            memory.LastError = new IterationError(
                error.GetProperty("message").GetString()!, error.GetProperty("sqlstate").GetString()!,
                error.GetProperty("node").GetString()!);
        }
        undos.RemoveUnder(frame);
        undos.Push(root.GetProperty("undos").EnumerateArray().Select(undo => new UndoEntry(
            undo.GetProperty("node").GetInt32(), undo.GetProperty("path").GetString()!, Moment(undo.GetProperty("at")),
            memory.NamesBefore.SetItems(ReadNames(undo)))));
        return root.TryGetProperty("at", out var at) ? Moment(at) : null;
    }

    private static string Text(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(JsonElement text) =>
        DateTimeOffset.Parse(text.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static void WriteNames(
        Utf8JsonWriter json, ImmutableDictionary<string, StepResult> before, ImmutableDictionary<string, StepResult> now)
    {
        json.WriteStartObject("names");
        foreach (var (name, result) in now.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (before.TryGetValue(name, out var old) && ReferenceEquals(old, result))
                continue;
            json.WriteStartObject(name);
            json.WritePropertyName("result");
            json.WriteRawValue(result.Json, skipInputValidation: true);
            if (ResultColumns.Serialize(result.Columns) is { } columns)
            {
                json.WritePropertyName("columns");
                json.WriteRawValue(columns, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static Dictionary<string, StepResult> ReadNames(JsonElement holder) =>
        holder.GetProperty("names").EnumerateObject().ToDictionary(
        name => name.Name,
        name => new StepResult(
            name.Value.GetProperty("result").GetRawText(),
            ResultColumns.Deserialize(name.Value.TryGetProperty("columns", out var columns) ? columns.GetRawText() : null)),
        StringComparer.Ordinal);
}
