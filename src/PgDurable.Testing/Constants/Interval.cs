using System.Globalization;
using System.Text.RegularExpressions;

namespace PgDurable.Testing.Constants;

/// <summary>An interval without months. PostgreSQL keeps its days apart, because a day may have 23 or 25 hours.</summary>
internal readonly partial record struct Interval(int Days, long Microseconds)
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>The length if each day has 24 hours, as it has when PostgreSQL compares intervals.</summary>
    public Int128 Length => ((Int128)Days * MicrosecondsPerDay) + Microseconds;

    /// <exception cref="NotConstantException">The form isn't supported here.</exception>
    public static Interval Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || text.Length == 0)
            throw new NotConstantException();
        return Try(() =>
        {
            var (days, rest) = (0, 0m);
            for (var i = 0; i < match.Groups["n"].Captures.Count; i++)
            {
                var number = Number(match.Groups["n"].Captures[i].Value);
                var unit = match.Groups["unit"].Captures[i].Value;
                if (unit == "day")
                    days = checked(days + decimal.ToInt32(number == decimal.Truncate(number) ? number : throw new NotConstantException()));
                else
                    rest += number * (unit switch { "hour" => 3600, "minute" => 60, _ => 1 });
            }
            if (match.Groups["h"].Success)
            {
                var time = (Number(match.Groups["h"].Value) * 3600) + (Number(match.Groups["m"].Value) * 60)
                    + Number(match.Groups["s"].Value);
                rest += match.Groups["sign"].Value == "-" ? -time : time;
            }
            var microseconds = rest * 1_000_000;
            return new Interval(
                days, decimal.Truncate(microseconds) == microseconds ? decimal.ToInt64(microseconds) : throw new NotConstantException());
        });
    }

    /// <summary>Returns the time between two moments.</summary>
    public static Interval Between(DateTime from, DateTime to)
    {
        var microseconds = (to - from).Ticks / TimeSpan.TicksPerMicrosecond;
        return new((int)(microseconds / MicrosecondsPerDay), microseconds % MicrosecondsPerDay);
    }

    /// <exception cref="NotConstantException">The result is out of range.</exception>
    public Interval Plus(Interval other)
    {
        var (days, microseconds) = (Days, Microseconds);
        return Try(() => checked(new Interval(days + other.Days, microseconds + other.Microseconds)));
    }

    /// <exception cref="NotConstantException">The result is out of range.</exception>
    public Interval Negative()
    {
        var (days, microseconds) = (Days, Microseconds);
        return Try(() => checked(new Interval(-days, -microseconds)));
    }

    /// <exception cref="NotConstantException">The result is out of range, or would divide days into hours.</exception>
    public Interval Times(double factor)
    {
        var (days, microseconds) = (Days * factor, Math.Round(Microseconds * factor, MidpointRounding.ToEven));
        return days == Math.Truncate(days) && Math.Abs(days) <= int.MaxValue && Math.Abs(microseconds) < long.MaxValue
            ? new((int)days, (long)microseconds) : throw new NotConstantException();
    }

    /// <summary>Returns the moment that is this much later in UTC.</summary>
    /// <exception cref="NotConstantException">The result is out of range.</exception>
    public DateTime After(DateTime moment)
    {
        var (days, microseconds) = (Days, Microseconds);
        return Try(() => moment.AddDays(days).AddTicks(checked(microseconds * TimeSpan.TicksPerMicrosecond)));
    }

    /// <summary>Returns the text that PostgreSQL would print.</summary>
    public override string ToString()
    {
        var days = Days == 0 ? "" : $"{Days.ToString(CultureInfo.InvariantCulture)} day{(Days == 1 ? "" : "s")}";
        if (Microseconds == 0 && Days != 0)
            return days;
        var sign = Microseconds < 0 ? "-" : Days < 0 ? "+" : "";
        var total = Int128.Abs(Microseconds);
        var seconds = total / 1_000_000;
        var time = string.Create(
            CultureInfo.InvariantCulture, $"{sign}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.{total % 1_000_000:000000}");
        return $"{days}{(days.Length == 0 ? "" : " ")}{time.TrimEnd('0').TrimEnd('.')}";
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static T Try<T>(Func<T> calculation)
    {
        try
        {
            return calculation();
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new NotConstantException();
        }
    }

    [GeneratedRegex(@"\A(?:(?<n>[+-]?\d{1,10}(?:\.\d{1,6})?) (?<unit>day|hour|minute|second)s?(?: (?!\z)|\z))*"
        + @"(?:(?<sign>[+-]?)(?<h>\d{2,7}):(?<m>[0-5]\d):(?<s>[0-5]\d(?:\.\d{1,6})?))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
