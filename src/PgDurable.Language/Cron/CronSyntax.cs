using System.Text.RegularExpressions;

namespace PgDurable.Cron;

/// <summary>
/// The syntax of cron expressions: five fields, or a macro. <c>df._cron_defect</c> accepts the same, and says the same about the rest;
/// <c>tests/Cron/expressions.txt</c> holds them together.
/// </summary>
internal static class CronSyntax
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    private static readonly Regex WhiteSpace = new(@"\s+", RegexOptions.CultureInvariant);

    /// <summary>
    /// Writes an expression as the library Cronos reads it. When day of month and day of week are both restricted, either may match; Cronos
    /// wants both to match, so these are two expressions.
    /// </summary>
    /// <exception cref="FormatException">The text isn't a cron expression; the message says why.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        try
        {
            var fields = Fields(text.Trim(Blanks));
            var (minute, hour) = (CronField.Minute.Read(fields[0]), CronField.Hour.Read(fields[1]));
            var day = CronField.Day.Read(fields[2]);
            var month = CronField.Month.Read(fields[3]);
            var weekday = CronField.Weekday.Read(fields[4]);
            return day == CronField.Any || weekday == CronField.Any
                ? [$"{minute} {hour} {day} {month} {weekday}"]
                : [$"{minute} {hour} {day} {month} *", $"{minute} {hour} * {month} {weekday}"];
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
