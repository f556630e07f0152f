using System.Text.RegularExpressions;

namespace PgDurable.Cron;

/// <summary>
/// A cron expression as cron users know it: five fields or a macro; Sunday is 0 or 7. The language, and what is said of mistakes, is that
/// of the SQL function <c>df._cron_defect</c>.
/// </summary>
internal sealed record CronExpression(CronField Minute, CronField Hour, CronField Day, CronField Month, CronField Weekday)
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    private static readonly Regex WhiteSpace = new(@"\s+", RegexOptions.CultureInvariant);

    /// <exception cref="FormatException">The text is no cron expression; the message says why.</exception>
    public static CronExpression Parse(string text)
    {
        try
        {
            var fields = Fields(text.Trim(Blanks));
            return new CronExpression(
                CronField.Parse(fields[0], "minute", 0, 59, []),
                CronField.Parse(fields[1], "hour", 0, 23, []),
                CronField.Parse(fields[2], "day of month", 1, 31, []),
                CronField.Parse(fields[3], "month", 1, 12, CronField.Months),
                CronField.Parse(fields[4], "day of week", 0, 7, CronField.Days));
        }
        catch (FormatException e)
        {
            throw new FormatException($"Invalid cron expression '{text}': {e.Message}", e);
        }
    }

    private static string[] Fields(string text)
    {
        var expression = text switch
        {
            "@hourly" => "0 * * * *",
            "@daily" or "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" or "@annually" => "0 0 1 1 *",
            ['@', ..] => throw new FormatException(
                "unknown macro. Use @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually"),
            _ => text,
        };
        var fields = expression.Length == 0 ? [] : WhiteSpace.Split(expression);
        return fields.Length == 5
            ? fields
            : throw new FormatException(FormattableString.Invariant(
                $"expected 5 fields (minute, hour, day of month, month, day of week), found {fields.Length}"));
    }
}
