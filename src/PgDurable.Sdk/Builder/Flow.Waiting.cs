namespace PgDurable;

public partial class Flow
{
    /// <summary>
    /// Waits. Meanwhile the instance occupies only a row in the database. A restart doesn't extend the wait.
    /// </summary>
    /// <param name="duration">
    /// The duration: zero to a thousand years, rounded to milliseconds. It is a constant, or a value of the input or of a result, which is
    /// read when the wait begins; if it is negative then, the step fails with SQLSTATE 22023.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Sleep(TimeSpan duration) => throw DefinitionOnly.Error();

    /// <summary>Waits until a moment. If it is over already, the next step begins at once.</summary>
    /// <param name="moment">The moment: a value of the input or of a result, which is read when the wait begins.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow SleepUntil(DateTimeOffset moment) => throw DefinitionOnly.Error();

    /// <summary>Waits until the next time that matches a cron expression.</summary>
    /// <param name="cron">
    /// Minute, hour, day of month, month and day of week; or <c>@hourly</c>, <c>@daily</c>, <c>@weekly</c>, <c>@monthly</c> or
    /// <c>@yearly</c>.
    /// </param>
    /// <param name="timeZone">An IANA time zone such as <c>Europe/Paris</c>, or null for UTC.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow WaitForSchedule(string cron, string? timeZone = null) => throw DefinitionOnly.Error();

    /// <summary>Waits for a signal without a payload.</summary>
    /// <param name="name">The signal's name. For a signal <c>approval</c>, the generated <c>SignalApprovalAsync</c> sends it.</param>
    /// <param name="timeout">
    /// The time limit: at least a millisecond. It is a constant, or a value of the input or of a result, which is read when the wait
    /// begins.
    /// Null waits forever.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow WaitForSignal(string name, TimeSpan? timeout = null) => throw DefinitionOnly.Error();

    /// <summary>Waits for a signal.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="name">The signal's name. For a signal <c>approval</c>, the generated <c>SignalApprovalAsync</c> sends it.</param>
    /// <param name="signal">The signal.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow WaitForSignal<T>(string name, out Signal<T> signal) => throw DefinitionOnly.Error();

    /// <summary>Waits for a signal, up to a time limit.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="name">The signal's name. For a signal <c>approval</c>, the generated <c>SignalApprovalAsync</c> sends it.</param>
    /// <param name="timeout">
    /// The time limit: at least a millisecond. It is a constant, or a value of the input or of a result, which is read when the wait
    /// begins.
    /// </param>
    /// <param name="signal">The signal. <see cref="Signal{T}.TimedOut"/> says whether the wait timed out instead.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow WaitForSignal<T>(string name, TimeSpan timeout, out Signal<T> signal) => throw DefinitionOnly.Error();
}
