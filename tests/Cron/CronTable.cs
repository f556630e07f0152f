using System.Text.RegularExpressions;

namespace PgDurable;

/// <summary>The cron expressions that the compiler, SQL and the worker must agree on.</summary>
internal static class CronTable
{
    /// <summary>Each expression, with what is wrong with it; null for nothing.</summary>
    public static IEnumerable<(string Cron, string? Problem)> Rows()
    {
        using var stream = typeof(CronTable).Assembly.GetManifestResourceStream("cron-expressions")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (Regex.Match(line, "^'(.*?)'(?:: (.+))?$") is { Success: true } match)
                yield return (match.Groups[1].Value, match.Groups[2].Success ? match.Groups[2].Value : null);
        }
    }
}
