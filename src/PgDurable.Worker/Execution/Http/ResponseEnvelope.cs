using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Execution.Http;

/// <summary>Writes the result of an HTTP step.</summary>
internal static class ResponseEnvelope
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="HttpStepException">The result is larger than a step's result may be.</exception>
    public static StepResult Write(HttpExchange exchange, TimeSpan elapsed, long maxResultBytes)
    {
        // JSON only adds to it.
        if (exchange.Body.Text.Length > maxResultBytes) throw HttpErrors.ResultTooLarge(maxResultBytes);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var status = (int)exchange.Status;
            json.WriteStartObject();
            json.WriteNumber("status", status);
            json.WriteString("body", exchange.Body.Text);
            json.WriteString("encoding", exchange.Body.IsText ? "text" : "base64");
            json.WriteStartObject("headers");
            foreach (var (name, value) in exchange.Headers) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteBoolean("ok", status is >= 200 and <= 299);
            json.WriteNumber("duration_ms", (long)elapsed.TotalMilliseconds);
            json.WriteEndObject();
        }
        if (buffer.WrittenCount > maxResultBytes) throw HttpErrors.ResultTooLarge(maxResultBytes);
        return new StepResult(Encoding.UTF8.GetString(buffer.WrittenSpan), null);
    }
}
