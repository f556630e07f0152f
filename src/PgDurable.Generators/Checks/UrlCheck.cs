using System.Text.RegularExpressions;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Checks URLs of HTTP steps. Of a URL with interpolations, only the constant parts are checked.</summary>
internal static class UrlCheck
{
    // `{name}` and `$name.column` are filled in when the step runs.
    private static readonly Regex References =
        new(@"\{[A-Za-z_][A-Za-z0-9_]*\}|\$[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?\??", RegexOptions.CultureInvariant);

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string text)
    {
        var url = References.Replace(text, SqlPlaces.Placeholder.ToString());
        var interpolation = url.IndexOf(SqlPlaces.Placeholder);
        if (url.Length == 0)
            return "a URL can't be empty";

        var separator = url.IndexOf("://", StringComparison.Ordinal);
        if (interpolation >= 0 && (separator < 0 || interpolation < separator))
        {
            // The interpolation may hold everything, unless the text before it can't begin a URL.
            var start = url.Substring(0, interpolation);
            return new[] { "http://", "https://" }.Any(scheme => scheme.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                ? null
                : $"a URL must begin with 'https://' or 'http://', not with '{start}'";
        }

        if (separator < 0)
            return "a URL must begin with 'https://' or 'http://'";
        var written = url.Substring(0, separator);
        if (written.ToLowerInvariant() is not ("http" or "https"))
            return $"the scheme '{written}' isn't supported; use 'https' or 'http'";
        if (url.IndexOfAny(['/', '?', '#'], separator + 3) == separator + 3 || url.Length == separator + 3)
            return "the URL has no host";
        if (url.Any(char.IsWhiteSpace))
            return "a URL can't contain spaces; write '%20'";

        // A digit is valid in every part of a URL, so it stands for the value.
        return Uri.TryCreate(url.Replace(SqlPlaces.Placeholder, '1'), UriKind.Absolute, out var parsed) && parsed.Host.Length > 0
            ? null
            : "the URL's host or port is malformed";
    }
}
