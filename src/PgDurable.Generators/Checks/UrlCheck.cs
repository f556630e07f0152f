using System.Text.RegularExpressions;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>URLs of HTTP steps; one with holes is judged by what is constant.</summary>
internal static class UrlCheck
{
    // `{name}` and `$name.column` are filled in when the step runs.
    private static readonly Regex References =
        new(@"\{[A-Za-z_][A-Za-z0-9_]*\}|\$[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?\??", RegexOptions.CultureInvariant);

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string text)
    {
        var url = References.Replace(text, SqlPlaces.Hole.ToString());
        var hole = url.IndexOf(SqlPlaces.Hole);
        if (url.Length == 0)
            return "a URL can't be empty";

        var separator = url.IndexOf("://", StringComparison.Ordinal);
        if (hole >= 0 && (separator < 0 || hole < separator))
        {
            // Everything may be in the hole, unless what stands before it can't begin a URL.
            var start = url.Substring(0, hole);
            return new[] { "http://", "https://" }.Any(scheme => scheme.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                ? null
                : $"a URL begins with 'https://' or 'http://' and not with '{start}'";
        }

        if (separator < 0)
            return "a URL begins with 'https://' or 'http://'";
        var written = url.Substring(0, separator);
        if (written.ToLowerInvariant() is not ("http" or "https"))
            return $"the scheme '{written}' is not supported, only 'https' and 'http' are";
        if (url.IndexOfAny(['/', '?', '#'], separator + 3) == separator + 3 || url.Length == separator + 3)
            return "it has no host";
        if (url.Any(char.IsWhiteSpace))
            return "a URL has no blanks; write '%20'";

        // A digit can stand for what is filled in, in every part of a URL.
        return Uri.TryCreate(url.Replace(SqlPlaces.Hole, '1'), UriKind.Absolute, out var parsed) && parsed.Host.Length > 0
            ? null
            : "its host or port is malformed";
    }
}
