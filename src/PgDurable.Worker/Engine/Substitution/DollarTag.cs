using System.Globalization;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Delimiters of dollar quotes.</summary>
internal static class DollarTag
{
    const string Stem = "$df";

    /// <summary>The delimiter, or another one if the body would end too early with it.</summary>
    public static string For(string body, string delimiter)
    {
        // Searched together with the closing delimiter: a dollar at the end of the body may join it.
        return (body + delimiter).IndexOf(delimiter, StringComparison.Ordinal) == body.Length ? delimiter : Unused(body);
    }

    /// <summary>One more than the highest number in the body, found in one pass: a hostile body may hold a million numbers.</summary>
    static string Unused(string body)
    {
        var highest = 0L;
        for (var at = body.IndexOf(Stem, StringComparison.Ordinal); at >= 0; at = body.IndexOf(Stem, at + 1, StringComparison.Ordinal))
        {
            var start = at + Stem.Length;
            var end = start;
            while (end < body.Length && char.IsAsciiDigit(body[end]))
                end++;
            // Longer numbers can't collide with a number that is one more than a shorter one.
            if (end - start is > 0 and < 18)
                highest = Math.Max(highest, long.Parse(body.AsSpan(start, end - start), CultureInfo.InvariantCulture));
        }
        return string.Create(CultureInfo.InvariantCulture, $"{Stem}{highest + 1}$");
    }
}
