using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Testing.Running;

namespace PgDurable.Testing.Replay;

/// <summary>Writes a run in the format of <c>df.export_history</c>.</summary>
internal static class HistoryWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static string Write(VirtualInstance instance)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("format", 1);
            json.WriteString("instance", instance.Facts.Id);
            json.WriteString("workflow", instance.Workflow.Length == 0 ? null : instance.Workflow);
            if (instance.Version is { } version)
                json.WriteNumber("version", version);
            else
                json.WriteNull("version");
            json.WriteString("label", instance.Facts.Label);
            json.WriteString("status", instance.Status.ToString().ToLowerInvariant());
            Raw(json, "graph", instance.GraphJson);
            Raw(json, "input", instance.Facts.InputJson);
            Raw(json, "vars", instance.Facts.Variables.IsEmpty ? null : JsonSerializer.Serialize(instance.Facts.Variables));
            json.WriteString("started_at", instance.StartedAt.UtcDateTime);
            if (instance.EndedAt is { } ended)
                json.WriteString("ended_at", ended.UtcDateTime);
            else
                json.WriteNull("ended_at");
            Raw(json, "result", instance.ResultJson);
            Raw(json, "error", instance.ErrorJson);
            json.WriteStartArray("checkpoints");
            foreach (var row in instance.Checkpoints)
            {
                json.WriteStartObject();
                json.WriteNumber("seq", row.Seq);
                json.WriteNumber("node", row.Execution.Node);
                json.WriteString("path", row.Execution.Path);
                json.WriteNumber("attempt", row.Attempt);
                json.WriteString("started_at", row.StartedAt.UtcDateTime);
                json.WriteString("finished_at", row.FinishedAt.UtcDateTime);
                Raw(json, "result", row.ResultJson);
                Raw(json, "columns", row.ColumnsJson);
                Raw(json, "error", row.ErrorJson);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Raw(Utf8JsonWriter json, string name, string? value)
    {
        json.WritePropertyName(name);
        if (value is null)
            json.WriteNullValue();
        else
            json.WriteRawValue(value, skipInputValidation: true);
    }
}
