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
    /// <param name="timeoutSeconds">The time-out in seconds, at least 1. Null waits forever.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the time-out isn't positive.</exception>
    public static DfNode WaitForSignal(string name, int? timeoutSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Composition.Node(Composer<DfNode>.WaitForSignal(name, timeoutSeconds));
    }
}
