using System.Globalization;
using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>Waits. Meanwhile the instance is only a row in a table, and a restart doesn't prolong the wait.</summary>
    /// <param name="seconds">The seconds, from 0 to 31536000000 (a thousand years). Fractions are rounded to milliseconds.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The seconds are out of range.</exception>
    public static DfNode Sleep(decimal seconds)
    {
        if (seconds < 0)
            throw new ArgumentException("Sleep duration must be non-negative");
        if (seconds > Limits.MaxSleepSeconds)
            throw new ArgumentException(FormattableString.Invariant($"Sleep duration must be at most {Limits.MaxSleepSeconds} seconds"));
        return Composition.Node(Composer<DfNode>.Sleep(seconds));
    }

    /// <summary>Waits for a duration that a result or the input has when the wait begins.</summary>
    /// <param name="reference">
    /// A reference, such as <c>$input.delay</c>, to a number of seconds, or to an interval (<c>90 minutes</c>). The step fails if it is
    /// something else, negative or NULL.
    /// </param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The text is not one reference.</exception>
    public static DfNode Sleep(string reference) => Composition.Node(Composer<DfNode>.SleepFor(Reference(reference)));

    /// <summary>Waits until a moment. If it is over already, the next step begins at once.</summary>
    /// <param name="moment">The moment, before the year 9999.</param>
    /// <returns>The step.</returns>
    public static DfNode SleepUntil(DateTimeOffset moment) =>
        Composition.Node(Composer<DfNode>.SleepUntil(
            moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)));

    /// <summary>Waits until a moment that a result or the input has when the wait begins.</summary>
    /// <param name="reference">
    /// A reference, such as <c>$order.due_at</c>, to a date and time with a time zone. The step fails if it is something else or NULL.
    /// </param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The text is not one reference.</exception>
    public static DfNode SleepUntil(string reference) => Composition.Node(Composer<DfNode>.SleepUntil(Reference(reference)));

    /// <summary>Waits for the next time that matches a cron expression.</summary>
    /// <param name="cron">
    /// Minute, hour, day of month, month, day of week; or <c>@hourly</c>, <c>@daily</c>, <c>@midnight</c>, <c>@weekly</c>, <c>@monthly</c>,
    /// <c>@yearly</c>, <c>@annually</c>. Sunday is 0 or 7. If both days are restricted, either may match.
    /// </param>
    /// <param name="timeZone">
    /// An IANA name such as <c>Europe/Paris</c>. Null means UTC. On a machine without time zones, only the database checks the name.
    /// </param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The expression or the time zone is invalid.</exception>
    public static DfNode WaitForSchedule(string cron, string? timeZone = null)
    {
        ArgumentNullException.ThrowIfNull(cron);
        return Composition.Node(Composer<DfNode>.WaitForSchedule(cron, timeZone));
    }

    /// <summary>
    /// Waits for a signal to the instance, or until a time-out. The result has <c>signal_name</c>, <c>timed_out</c> and <c>data</c>.
    /// </summary>
    /// <param name="name">The signal's name.</param>
    /// <param name="timeoutSeconds">
    /// The time-out in seconds: more than 0. Fractions are rounded to milliseconds. Null waits forever.
    /// </param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the time-out isn't positive.</exception>
    public static DfNode WaitForSignal(string name, decimal? timeoutSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        TimeSetting? timeout = timeoutSeconds is { } seconds ? decimal.Round(seconds, 3, MidpointRounding.AwayFromZero) : null;
        return Composition.Node(Composer<DfNode>.WaitForSignal(name, timeout));
    }

    /// <summary>Waits for a signal to the instance, or for as long as a result or the input says when the wait begins.</summary>
    /// <param name="name">The signal's name.</param>
    /// <param name="timeoutReference">
    /// A reference, such as <c>$input.grace</c>, to seconds, or to an interval (<c>90 minutes</c>). With a question mark after it,
    /// <c>$input.grace?</c>, NULL waits forever.
    /// </param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the text is not one reference.</exception>
    public static DfNode WaitForSignal(string name, string timeoutReference)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Composition.Node(Composer<DfNode>.WaitForSignal(name, TimeSetting.Of(Reference(timeoutReference))));
    }

    private static string Reference(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WaitTime.IsReference(text) ? text : throw new ArgumentException($"'{text}' is not a reference such as $input.delay");
    }
}
