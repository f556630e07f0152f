using System.Text.RegularExpressions;

namespace PgDurable.Graph;

/// <summary>
/// The names that <c>df._timezone_problem</c> takes. PostgreSQL has them from the files of the IANA database, and so has this machine; one
/// without them knows nothing about names, and leaves the question to the server.
/// </summary>
internal static partial class TimeZoneNames
{
    /// <summary>What is wrong with the name of a time zone, or NULL.</summary>
    public static string? Problem(string? name) => name is null || IsKnown(name) || !IsKnown("Europe/Paris")
        ? null
        : $"Unknown time zone '{name}'. Use a name of pg_timezone_names, such as 'Europe/Paris'";

    private static bool IsKnown(string name) =>
        Name().IsMatch(name) && !NoPlace().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.Id == name;

    [GeneratedRegex(@"\A[A-Za-z0-9_+/-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    // Names of files, but not of places.
    [GeneratedRegex(@"\A((posix|right)/|(localtime|posixrules|Factory)\z)", RegexOptions.CultureInvariant)]
    private static partial Regex NoPlace();
}
