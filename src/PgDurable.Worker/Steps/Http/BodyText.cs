using System.Text;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A response's body, as it stands in the result.</summary>
/// <param name="Text">The text, or the bytes in base64.</param>
/// <param name="IsText">Whether it is text.</param>
internal sealed record BodyText(string Text, bool IsText)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decides by the type that the server names, or by the bytes if that type isn't known to be text.</summary>
    /// <param name="body">The body as received.</param>
    /// <param name="contentType">The value of the Content-Type header.</param>
    /// <param name="isEncoded">Whether there is a Content-Encoding: then the bytes are compressed, whatever the type says.</param>
    public static BodyText Decode(ReadOnlySpan<byte> body, string? contentType, bool isEncoded)
    {
        if (isEncoded)
            return Binary(body);
        if (!IsTextual(contentType))
            return TryDecodeUtf8(body) is { } found ? new BodyText(found, true) : Binary(body);
        var (encoding, mark) = EncodingOf(body, contentType);
        var text = encoding.GetString(body[mark..]);
        // PostgreSQL's text can't hold it.
        return text.Contains('\0') ? Binary(body) : new BodyText(text, true);
    }

    private static BodyText Binary(ReadOnlySpan<byte> body) => new(Convert.ToBase64String(body), false);

    private static bool IsTextual(string? contentType)
    {
        var type = contentType?.Split(',', ';')[0].Trim().ToLowerInvariant();
        return type is "application/json" or "application/xml" or "application/javascript"
            or "application/ecmascript" or "application/x-www-form-urlencoded"
                or "application/graphql" or "application/yaml" or "application/x-yaml"
            || (type is not null && (type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal)
                || type.EndsWith("+xml", StringComparison.Ordinal) || type.EndsWith("+yaml", StringComparison.Ordinal)));
    }

    private static string? TryDecodeUtf8(ReadOnlySpan<byte> body)
    {
        if (body.Contains((byte)0))
            return null;
        try
        {
            return Strict.GetString(body.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // A byte order mark is more reliable than a header.
    private static (Encoding Encoding, int Mark) EncodingOf(ReadOnlySpan<byte> body, string? contentType)
    {
        if (body.StartsWith(Encoding.UTF8.Preamble))
            return (Encoding.UTF8, 3);
        if (body.StartsWith(Encoding.Unicode.Preamble))
            return (Encoding.Unicode, 2);
        if (body.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return (Encoding.BigEndianUnicode, 2);
        return (Named(CharsetOf(contentType)), 0);
    }

    private static string? CharsetOf(string? contentType)
    {
        foreach (var parameter in contentType?.Split(',')[0].Split(';').Skip(1) ?? [])
        {
            if (parameter.Split('=', 2) is [var name, var value] && name.Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
                return value.Trim().Trim('"', '\'').ToLowerInvariant();
        }
        return null;
    }

    private static Encoding Named(string? charset)
    {
        // As browsers do: text labelled Latin-1 or ASCII is really in their superset.
        if (charset is null or "utf8")
            return Encoding.UTF8;
        if (charset is "iso-8859-1" or "latin1" or "us-ascii" or "ascii")
            charset = "windows-1252";
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }
}
