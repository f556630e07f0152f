namespace PgDurable.Worker.Store.Results;

/// <summary>Writes PostgreSQL's ISO timestamps as RFC 3339 does.</summary>
internal static class TimestampText
{
    /// <summary>
    /// Turns <c>2024-06-15 12:30:00.5+00</c> into <c>2024-06-15T12:30:00.500+00:00</c>. What RFC 3339 can't express stays in a form that
    /// PostgreSQL can read: infinity, years beyond 9999, BC.
    /// </summary>
    public static string ToJson(string text)
    {
        var blank = text.IndexOf(' ');
        var time = blank + 1;
        if (blank < 0 || text.Length < time + 8 || text[time + 2] != ':' || text[time + 5] != ':')
            return text;

        var position = time + 8;
        var fractionEnd = position;
        if (position < text.Length && text[position] == '.')
        {
            fractionEnd++;
            while (fractionEnd < text.Length && char.IsAsciiDigit(text[fractionEnd]))
                fractionEnd++;
        }
        var zoneEnd = text.IndexOf(' ', fractionEnd);
        if (zoneEnd < 0)
            zoneEnd = text.Length;

        return string.Concat(
            string.Concat(text.AsSpan(0, blank), "T", text.AsSpan(time, 8)),
            Fraction(text[position..fractionEnd]),
            Zone(text[fractionEnd..zoneEnd]),
            text.AsSpan(zoneEnd).ToString());
    }

    /// <summary>Whether it has a form in RFC 3339. Infinity, for example, only has PostgreSQL's own.</summary>
    public static bool IsPlain(string text) =>
        !text.Contains(':') || (text.Length > 4 && text[4] == '-' && !text.EndsWith("BC", StringComparison.Ordinal));

    /// <summary>The fraction with its point: three or six digits.</summary>
    static string Fraction(string fraction) => fraction.Length switch
    {
        0 => fraction,
        <= 4 => fraction.PadRight(4, '0'),
        _ => fraction.PadRight(7, '0'),
    };

    /// <summary>The offset. PostgreSQL writes whole hours without minutes.</summary>
    static string Zone(string zone) => zone.Length == 3 ? zone + ":00" : zone;
}
