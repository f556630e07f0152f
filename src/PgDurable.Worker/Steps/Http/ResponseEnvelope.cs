using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Writes the result of an HTTP step.</summary>
internal static class ResponseEnvelope
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="HttpStepException">The result is larger than a step's result may be.</exception>
    public static HttpAnswer Write(HttpExchange exchange, HttpNodeOptions options, string database, TimeSpan elapsed, long maxResultBytes)
    {
        var sink = options.Response == HttpResponseMode.Sink ? new SinkRow(options.Into!, Guid.NewGuid(), exchange.Bytes) : null;
        var kept = options.ResponseHeaders?.Select(name => name.ToLowerInvariant()).ToHashSet();
        var inline = options.Response == HttpResponseMode.Inline;
        // JSON only adds to it.
        if (inline && exchange.Body.Text.Length > maxResultBytes)
            throw HttpErrors.ResultTooLarge(maxResultBytes);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var status = (int)exchange.Status;
            json.WriteStartObject();
            json.WriteNumber("status", status);
            if (inline)
            {
                json.WriteString("body", exchange.Body.Text);
                json.WriteString("encoding", exchange.Body.IsText ? "text" : "base64");
            }
            json.WriteStartObject("headers");
            foreach (var (name, value) in exchange.Headers)
                if (kept?.Contains(name) != false)
                    json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteBoolean("ok", status is >= 200 and <= 299);
            json.WriteNumber("duration_ms", (long)elapsed.TotalMilliseconds);
            if (!inline)
                json.WriteNumber("bytes", exchange.Bytes.Length);
            if (options.Response is HttpResponseMode.Metadata or HttpResponseMode.Sink)
                json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(exchange.Bytes)));
            if (sink is not null)
            {
                json.WriteString("sink", sink.Table);
                json.WriteString("sink_database", database);
                json.WriteString("sink_key", sink.Key.ToString());
            }
            json.WriteEndObject();
        }
        if (buffer.WrittenCount > maxResultBytes)
            throw HttpErrors.ResultTooLarge(maxResultBytes);
        return new HttpAnswer(new StepResult(Encoding.UTF8.GetString(buffer.WrittenSpan), null), sink);
    }
}
