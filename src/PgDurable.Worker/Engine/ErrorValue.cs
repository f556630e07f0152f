using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>A failure as the handler sees it: <c>$error</c>.</summary>
internal static class ErrorValue
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static StepResult Of(Failure failure, WorkflowGraph graph)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var node = graph.Nodes[failure.Origin.Node];
            json.WriteStartObject();
            json.WriteString("message", failure.Error.Message);
            json.WriteString("sqlstate", failure.Error.SqlState);
            json.WriteString("detail", failure.Error.Detail);
            json.WriteString("hint", failure.Error.Hint);
            json.WriteString("node", node.Id);
            json.WriteString("step", node.Name);
            json.WriteNumber("attempts", failure.Attempts);
            json.WriteEndObject();
        }
        return new StepResult(Encoding.UTF8.GetString(buffer.WrittenSpan), null);
    }
}
