using System.Text.RegularExpressions;

namespace PgDurable.Graph;

/// <summary>
/// The time zone names that <c>df._timezone_problem</c> accepts. PostgreSQL reads them from the files of the IANA database, and so does
/// this machine. A machine without these files leaves the check to the server.
/// </summary>
internal static partial class TimeZoneNames
{
    /// <summary>The problem with the name of a time zone, or null.</summary>
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
