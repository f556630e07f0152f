using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>Waits for some seconds. The instance is a row meanwhile, and a restart does not move the end of the wait.</summary>
    /// <param name="seconds">Seconds, from 0 to 31536000000 (a thousand years), and fractions of them, rounded to milliseconds.</param>
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

    /// <summary>Waits for the next time that a cron expression names.</summary>
    /// <param name="cron">
    /// Minute, hour, day of month, month, day of week; or <c>@hourly</c>, <c>@daily</c>, <c>@midnight</c>, <c>@weekly</c>, <c>@monthly</c>,
    /// <c>@yearly</c>, <c>@annually</c>. Sunday is 0 or 7; when both days are restricted, either matches.
    /// </param>
    /// <param name="timeZone">
    /// An IANA name such as <c>Europe/Paris</c>; null is UTC. A machine without time zones leaves it to the database to check the name.
    /// </param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The expression or the time zone is not one.</exception>
    public static DfNode WaitForSchedule(string cron, string? timeZone = null)
    {
        ArgumentNullException.ThrowIfNull(cron);
        return Composition.Node(Composer<DfNode>.WaitForSchedule(cron, timeZone));
    }

    /// <summary>
    /// Waits for a signal to the instance, or until a time-out; the result has <c>signal_name</c>, <c>timed_out</c> and <c>data</c>.
    /// </summary>
    /// <param name="name">The signal's name.</param>
    /// <param name="timeoutSeconds">Seconds, at least 1; null is for ever.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the time-out not positive.</exception>
    public static DfNode WaitForSignal(string name, int? timeoutSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Composition.Node(Composer<DfNode>.WaitForSignal(name, timeoutSeconds));
    }
}
