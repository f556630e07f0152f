using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Checks endpoints of HTTP steps. Of a path with interpolations, only the constant parts are checked.</summary>
internal static class EndpointCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? ServerProblem(string server) =>
        server.Length == 0 || server.Any(char.IsControl) ? "a server name can't be empty or contain control characters" : null;

    /// <summary>What is wrong, or null.</summary>
    public static string? PathProblem(string path)
    {
        if (path.Length == 0
            || path[0] is not ('/' or '$' or '{' or SqlPlaces.Placeholder)
            || path.StartsWith("//", StringComparison.Ordinal))
            return "an endpoint's path must begin with exactly one slash";
        return path.Any(c => c is '\\' or '#' || char.IsWhiteSpace(c))
            ? "an endpoint's path can't contain spaces, backslashes or a fragment"
            : null;
    }
}
