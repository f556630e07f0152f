using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A <c>multipart/form-data</c> body, written as browsers write it.</summary>
/// <param name="ContentType">The type, with the boundary.</param>
/// <param name="Body">The bytes of all parts.</param>
internal sealed record MultipartForm(string ContentType, byte[] Body)
{
    /// <param name="parts">The parts.</param>
    /// <param name="maxBytes">The maximum size of the body.</param>
    /// <param name="idempotencyKey">
    /// Determines the boundary: whoever writes a part can't know it, and it is the same when the request is sent again.
    /// </param>
    public static MultipartForm Create(IReadOnlyList<HttpPart> parts, long maxBytes, string idempotencyKey)
    {
        if (parts.Count == 0)
            throw HttpErrors.Invalid("parts must contain at least one part");
        var boundary = "pg_durable-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey)).AsSpan(0, 16));
        using var body = new MemoryStream();
        foreach (var part in parts)
        {
            Write(body, $"--{boundary}\r\n{PartHeader(part)}\r\n");
            var data = Decode(part);
            if (body.Length + data.Length > maxBytes)
                throw HttpErrors.RequestTooLarge(maxBytes);
            body.Write(data);
            Write(body, "\r\n");
        }
        Write(body, $"--{boundary}--\r\n");
        return new MultipartForm($"multipart/form-data; boundary={boundary}", body.ToArray());
    }

    private static string PartHeader(HttpPart part)
    {
        var header = new StringBuilder($"Content-Disposition: form-data; name=\"{Quoted(part.Name, "name", part.Name)}\"");
        if (part.FileName is { } file)
            header.Append($"; filename=\"{Quoted(file, "filename", part.Name)}\"");
        header.Append("\r\n");
        if (part.ContentType is { } type)
        {
            if (type.AsSpan().ContainsAnyExceptInRange(' ', '~') || !MediaTypeHeaderValue.TryParse(type, out _))
                throw HttpErrors.Invalid(
                    $"Invalid content_type for part '{HttpErrors.Printable(part.Name)}': not a media type such as text/plain");
            header.Append($"Content-Type: {type}\r\n");
        }
        return header.ToString();
    }

    private static string Quoted(string value, string what, string part)
    {
        if (value.Any(char.IsControl))
            throw HttpErrors.Invalid(
                $"the {what} of part '{HttpErrors.Printable(part)}' contains a control character, such as a line break");
        return value.Replace("\"", "%22", StringComparison.Ordinal);
    }

    private static byte[] Decode(HttpPart part)
    {
        try
        {
            return Convert.FromBase64String(part.DataBase64);
        }
        catch (FormatException e)
        {
            throw HttpErrors.Invalid($"Invalid base64 in part '{HttpErrors.Printable(part.Name)}': {e.Message}",
                "encode(data, 'base64') writes it.");
        }
    }

    private static void Write(MemoryStream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
