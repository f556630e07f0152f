using System.Globalization;
using System.Text.RegularExpressions;
using static System.FormattableString;

namespace PgDurable.Cron;

/// <summary>The syntax of one field of a cron expression.</summary>
/// <param name="name">Its name in messages.</param>
/// <param name="low">Its smallest value.</param>
/// <param name="high">Its largest value.</param>
/// <param name="names">The names of its values, from <paramref name="low"/> on.</param>
internal sealed class CronField(string name, int low, int high, params string[] names)
{
    public const string Any = "*";

    public static readonly CronField Minute = new("minute", 0, 59);

    public static readonly CronField Hour = new("hour", 0, 23);

    public static readonly CronField Day = new("day of month", 1, 31);

    public static readonly CronField Month = new(
        "month", 1, 12,
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december");

    // Sunday is 0 and 7.
    public static readonly CronField Weekday = new(
        "day of week", 0, 7, "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");

    private static readonly Regex Item = Pattern(@"\A(?:(?<any>[*?])|(?<first>\w+)(?:-(?<last>\w+))?)(?:/(?<step>[0-9]{1,9}))?\z");

    private static readonly Regex SpecialDay = Pattern(@"\A(?:(?<last>L)(?:-(?<before>[0-9]{1,2}))?W?|(?<day>[0-9]{1,2})W)\z");

    private static readonly Regex SpecialWeekday = Pattern(@"\A(?<day>\w+?)(?:L|#(?<number>[0-9]{1,9}))\z");

    /// <summary>Writes the field in numbers, each item as a value or as a range.</summary>
    /// <exception cref="FormatException">The text isn't such a field.</exception>
    public string Read(string text)
    {
        if (ReadSpecial(text) is { } special)
            return special;
        var items = text.Split(',').Select(ReadItem).ToArray();
        return text is "*" or "?" ? Any : string.Join(",", items);
    }

    private string ReadItem(string item)
    {
        if (ReadSpecial(item) is not null)
            throw new FormatException($"'{item}' must be alone in its field");
        var match = Item.Match(item);
        var (any, first, last) = (match.Groups["any"].Value, match.Groups["first"].Value, match.Groups["last"].Value);
        var step = match.Groups["step"].Value;
        // Only the two day fields allow a question mark.
        if (!match.Success || (any == "?" && this != Day && this != Weekday))
            throw new FormatException($"'{item}' is not a {name}: expected *, a value, a range a-b, or one of these with /step");

        var from = first.Length == 0 ? low : Value(first);
        var to = last.Length > 0 ? Value(last) : any.Length > 0 || step.Length > 0 ? high : from;
        // FRI-SUN: the Sunday that ends the week.
        if (this == Weekday && last.Length > 0 && to == 0 && from > 0 && !last.Any(IsDigit))
            to = 7;
        if (!IsValue(from) || !IsValue(to))
            throw OutOfRange(item);
        if (to < from)
            throw new FormatException($"range '{item}' ends before it begins");
        if (step.Length > 0 && (Number(step) < 1 || Number(step) > high))
            throw new FormatException(Invariant($"step {step} is out of range: 1 to {high}"));
        return from == to ? Invariant($"{from}") : Invariant($"{from}-{to}") + (step.Length == 0 ? "" : Invariant($"/{Number(step)}"));
    }

    /// <summary>L, W and #: days that depend on the month. Null if the text has none of them.</summary>
    private string? ReadSpecial(string text)
    {
        if (this == Day && SpecialDay.Match(text) is { Success: true } day)
        {
            if (day.Groups["before"].Value is { Length: > 0 } before && Number(before) > 30)
                throw new FormatException($"'{text}' is out of range: L- is followed by 0 to 30");
            if (!day.Groups["last"].Success && !IsValue(Number(day.Groups["day"].Value)))
                throw OutOfRange(text);
            return text.ToUpperInvariant();
        }
        if (this == Weekday && SpecialWeekday.Match(text) is { Success: true } weekday
            && TryValue(weekday.Groups["day"].Value) is { } value)
        {
            if (!IsValue(value))
                throw OutOfRange(text);
            var number = weekday.Groups["number"];
            if (!number.Success)
                return Invariant($"{value}L");
            return Number(number.Value) is >= 1 and <= 5 and var which
                ? Invariant($"{value}#{which}")
                : throw new FormatException($"'{text}' is out of range: # is followed by 1 to 5");
        }
        return null;
    }

    private int Value(string text) => TryValue(text) ?? throw new FormatException($"'{text}' is not a {name}");

    private int? TryValue(string text)
    {
        if (text.Length <= 9 && text.All(IsDigit))
            return Number(text);
        var index = Array.FindIndex(
            names,
            full => text.Equals(full, StringComparison.OrdinalIgnoreCase)
                || text.Equals(full.Substring(0, 3), StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + low;
    }

    private bool IsValue(int value) => value >= low && value <= high;

    private FormatException OutOfRange(string item) => new(Invariant($"'{item}' is out of range: {name} is {low} to {high}"));

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
}
