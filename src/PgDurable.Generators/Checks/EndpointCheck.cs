using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Checks;

/// <summary>Endpoints of HTTP steps; a path with holes is judged by what is constant.</summary>
internal static class EndpointCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? ServerProblem(string server) =>
        server.Length == 0 || server.Any(char.IsControl) ? "a server's name is not empty and has no control characters" : null;

    /// <summary>What is wrong, or null.</summary>
    public static string? PathProblem(string path)
    {
        if (path.Length == 0 || path[0] is not ('/' or '$' or '{' or SqlPlaces.Hole) || path.StartsWith("//", StringComparison.Ordinal))
            return "the path of an endpoint begins with one slash";
        return path.Any(c => c is '\\' or '#' || char.IsWhiteSpace(c)) ? "the path of an endpoint has no blanks, backslashes and fragments" : null;
    }
}
