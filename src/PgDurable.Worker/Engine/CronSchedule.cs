using Cronos;
using PgDurable.Cron;

namespace PgDurable.Worker.Engine;

/// <summary>When a cron expression fires.</summary>
/// <remarks>
/// A local time that daylight saving skips fires when the clocks have jumped. A time that it repeats fires only the first time, unless
/// minute or hour is an interval, such as <c>*/10</c>: then it fires as real time passes.
/// </remarks>
internal sealed class CronSchedule
{
    private readonly CronExpression[] _expressions;

    private CronSchedule(CronExpression[] expressions) => _expressions = expressions;

    /// <exception cref="FormatException">The text isn't a cron expression; the message says why.</exception>
    public static CronSchedule Parse(string text) =>
        new([.. CronSyntax.Parse(text).Select(expression => CronExpression.Parse(expression))]);

    /// <summary>The first moment after the given one; null if there is none in the coming years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone) =>
        _expressions.Min(expression => expression.GetNextOccurrence(after, zone))?.ToUniversalTime();
}
