using System.Text.RegularExpressions;

namespace PgDurable.Generators.Checks;

/// <summary>Names of time zones, as far as a compiler can know them.</summary>
/// <remarks>
/// Which cities there are, the server's files say: a list in here would be out of date, and that of the build machine is another one. So
/// only what can't be a name of the IANA database is wrong.
/// </remarks>
internal static class TimeZoneCheck
{
    private static readonly HashSet<string> Areas = new(StringComparer.Ordinal)
    {
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil", "Canada", "Chile", "Etc", "Europe",
        "Indian", "Mexico", "Pacific", "US",
    };

    // All that have no area; no new ones are made.
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "CET", "CST6CDT", "EET", "EST", "EST5EDT", "HST",
        "MET", "MST", "MST7MDT", "PST8PDT", "WET", "Cuba", "Egypt", "Eire", "GB", "GB-Eire", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica",
        "Japan", "Kwajalein", "Libya", "NZ", "NZ-CHAT", "Navajo", "PRC", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey", "W-SU",
    };

    private static readonly Regex Place = new(@"\A[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)?\z", RegexOptions.CultureInvariant);

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string name)
    {
        var slash = name.IndexOf('/');
        return Others.Contains(name) || (slash > 0 && Areas.Contains(name.Substring(0, slash)) && Place.IsMatch(name.Substring(slash + 1)))
            ? null
            : "a time zone has a name of the IANA database, as in 'UTC' and 'Europe/Paris'";
    }
}
