using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <summary>Writes what <c>df.waiting</c> shows of a parked instance.</summary>
internal static class WaitsJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyCollection<Command.Wait> waits, bool paused)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            if (paused)
            {
                json.WriteStartObject();
                json.WriteString("kind", "PAUSED");
                json.WriteEndObject();
            }
            foreach (var wait in waits)
            {
                json.WriteStartObject();
                json.WriteNumber("node", wait.Execution.Node);
                json.WriteString("path", wait.Execution.Path);
                json.WriteString("kind", wait.Kind);
                // PostgreSQL reads this too, and its text can't hold NUL. Nothing has such a name; only a graph that bypassed df.start
                // does.
                if (wait.Name is not null)
                    json.WriteString("name", wait.Name.Replace('\0', '\uFFFD'));
                if (wait.Until is { } until)
                    json.WriteString("until", until.UtcDateTime);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
