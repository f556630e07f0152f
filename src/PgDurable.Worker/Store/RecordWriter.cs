using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>Writes what <c>df._worker_record</c> takes.</summary>
internal static class RecordWriter
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string Write(IReadOnlyCollection<InstanceRecord> records)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (var record in records)
                Write(json, record);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, InstanceRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("instance", record.InstanceNo);
        json.WriteStartArray("checkpoints");
        foreach (var checkpoint in record.Checkpoints)
            Write(json, checkpoint);
        json.WriteEndArray();
        if (record.Carry is { } carry)
        {
            json.WriteStartArray("carry");
            json.WriteStartObject();
            json.WriteNumber("first", carry.FirstNode);
            json.WriteNumber("last", carry.LastNode);
            json.WriteString("path", carry.Iteration.Path);
            json.WriteNumber("loop", carry.Iteration.Node);
            json.WriteString("drop", carry.DropPath);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteStartArray("take_signals");
        foreach (var signal in record.TakenSignals)
            json.WriteNumberValue(signal);
        json.WriteEndArray();
        if (record.StartedTasks.Count > 0)
            WriteTasks(json, record.StartedTasks);
        WriteKeys(json, "end_tasks", record.EndedTasks);
        WriteKeys(json, "expire_tasks", record.ExpiredTasks);
        if (record.Outcome is { } outcome)
        {
            json.WriteStartObject("outcome");
            json.WriteString("status", outcome.Error is null ? "completed" : outcome.IsCanceled ? "cancelled" : "failed");
            if (outcome.Source is { } source)
            {
                json.WriteNumber("node", source.Node);
                json.WriteString("path", source.Path);
            }
            WriteRaw(json, "result", outcome.ResultJson);
            WriteRaw(json, "error", outcome.Error);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CheckpointRecord checkpoint)
    {
        json.WriteStartObject();
        json.WriteNumber("node", checkpoint.Execution.Node);
        json.WriteString("path", checkpoint.Execution.Path);
        json.WriteNumber("seq", checkpoint.Seq);
        json.WriteNumber("attempt", checkpoint.Attempt);
        json.WriteString("started_at", checkpoint.StartedAt.UtcDateTime);
        json.WriteString("finished_at", checkpoint.FinishedAt.UtcDateTime);
        WriteRaw(json, "result", checkpoint.ResultJson);
        WriteRaw(json, "columns", checkpoint.ColumnsJson);
        WriteRaw(json, "error", checkpoint.ErrorJson);
        json.WriteEndObject();
    }

    private static void WriteTasks(Utf8JsonWriter json, IReadOnlyList<TaskRecord> tasks)
    {
        json.WriteStartArray("start_tasks");
        foreach (var (task, keyPath) in tasks)
        {
            json.WriteStartObject();
            json.WriteNumber("node", task.Execution.Node);
            json.WriteString("path", task.Execution.Path);
            json.WriteString("name", task.Name);
            if (task.Queue is not null)
                json.WriteString("queue", task.Queue);
            json.WriteNumber("attempt", task.Attempt);
            json.WriteString("key_path", keyPath);
            if (task.Deadline is { } deadline)
                json.WriteString("deadline", deadline.UtcDateTime);
            WriteRaw(json, "input", task.InputJson);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteKeys(Utf8JsonWriter json, string name, IReadOnlyList<ExecutionKey> keys)
    {
        if (keys.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var key in keys)
        {
            json.WriteStartObject();
            json.WriteNumber("node", key.Node);
            json.WriteString("path", key.Path);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
            return;
        // PostgreSQL stores any JSON, but can't take apart JSON with an escape that its text can't hold, such as \u0000. As a string it
        // passes.
        if (value.Contains("\\u", StringComparison.Ordinal))
        {
            json.WriteString(name + "_text", value);
            return;
        }
        json.WritePropertyName(name);
        json.WriteRawValue(value, skipInputValidation: true);
    }
}
