using System.Text.RegularExpressions;

namespace PgDurable.Generators.Checks;

/// <summary>Names of time zones, as far as they can be checked at compile time.</summary>
/// <remarks>
/// The server's files decide which cities exist. A list in here would go out of date, and the build machine has another one. So a name is
/// wrong only if it can't be in the IANA database.
/// </remarks>
internal static class TimeZoneCheck
{
    private static readonly HashSet<string> Areas = new(StringComparer.Ordinal)
    {
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil", "Canada", "Chile", "Etc", "Europe",
        "Indian", "Mexico", "Pacific", "US",
    };

    // All names without an area; no new ones are added.
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "CET", "CST6CDT", "EET", "EST", "EST5EDT", "HST",
        "MET", "MST", "MST7MDT", "PST8PDT", "WET", "Cuba", "Egypt", "Eire", "GB", "GB-Eire", "Hongkong", "Iceland", "Iran", "Israel",
        "Jamaica", "Japan", "Kwajalein", "Libya", "NZ", "NZ-CHAT", "Navajo", "PRC", "Poland", "Portugal", "ROC", "ROK", "Singapore",
        "Turkey", "W-SU",
    };

    private static readonly Regex Place = new(@"\A[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)?\z", RegexOptions.CultureInvariant);

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string name)
    {
        var slash = name.IndexOf('/');
        return Others.Contains(name) || (slash > 0 && Areas.Contains(name.Substring(0, slash)) && Place.IsMatch(name.Substring(slash + 1)))
            ? null
            : "a time zone must have a name from the IANA database, such as 'UTC' or 'Europe/Paris'";
    }
}
