namespace PgDurable;

public partial class Flow
{
    /// <summary>Waits. The instance is a row meanwhile, and a restart does not move the end of the wait.</summary>
    /// <param name="duration">From none to a thousand years.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Sleep(TimeSpan duration) => throw DefinitionOnly.Error();

    /// <summary>Waits for the next time that a cron expression names.</summary>
    /// <param name="cron">
    /// Minute, hour, day of month, month, day of week; or <c>@hourly</c>, <c>@daily</c>, <c>@weekly</c>, <c>@monthly</c>, <c>@yearly</c>.
    /// </param>
    /// <param name="timeZone">An IANA name such as <c>Europe/Paris</c>; null is UTC.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow WaitForSchedule(string cron, string? timeZone = null) => throw DefinitionOnly.Error();

    /// <summary>Waits for a signal without a payload.</summary>
    /// <param name="name">The signal's name. The generated <c>SignalNameAsync</c> sends it.</param>
    /// <param name="timeout">Whole seconds, at least one; null is for ever.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow WaitForSignal(string name, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Waits for a signal.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="name">The signal's name. The generated <c>SignalNameAsync</c> sends it.</param>
    /// <param name="signal">The signal.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow WaitForSignal<T>(string name, out Signal<T> signal) => throw DefinitionOnly.Error();

    /// <summary>Waits for a signal, for some time.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="name">The signal's name. The generated <c>SignalNameAsync</c> sends it.</param>
    /// <param name="timeout">Whole seconds, at least one.</param>
    /// <param name="signal">The signal, or that there was none: <see cref="Signal{T}.TimedOut"/>.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow WaitForSignal<T>(string name, TimeSpan timeout, out Signal<T> signal) => throw DefinitionOnly.Error();
}
