using PgDurable.Testing.Answers;
using PgDurable.Testing.Running;

namespace PgDurable.Testing;

/// <content>What happens from outside: time, signals, crashes.</content>
public sealed partial class WorkflowTest<TOut>
{
    /// <summary>Sends a signal.</summary>
    /// <param name="delay">Virtual time after the start.</param>
    /// <param name="name">The signal.</param>
    /// <param name="data">An object, written as JSON with names in snake_case; null for JSON's null.</param>
    public WorkflowTest<TOut> SignalAfter(TimeSpan delay, string name, object? data = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        var json = JsonValues.Write(data);
        _events.Add((time, worker, root) => time.At(time.Now + delay, () => worker.Signal(root, name, json)));
        return this;
    }

    /// <summary>Cancels the workflow, as <c>df.cancel</c> does.</summary>
    /// <param name="delay">Virtual time after the start.</param>
    /// <param name="reason">What the error says.</param>
    public WorkflowTest<TOut> CancelAfter(TimeSpan delay, string reason = "cancelled by the test")
    {
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        _events.Add((time, worker, root) => time.At(time.Now + delay, () => worker.Cancel(root, reason)));
        return this;
    }

    /// <summary>
    /// The worker dies right after the end of a step, or of a wait, was recorded, before anything follows from it; and comes back at once.
    /// </summary>
    /// <param name="step">The step's name.</param>
    /// <param name="attempt">After which end of the step, from 1.</param>
    public WorkflowTest<TOut> CrashAfter(string step, int attempt = 1) => Crash(CrashPlan.Moment.After, step, attempt);

    /// <summary>
    /// The worker dies in the middle of a step, and comes back at once: a statement is rolled back and runs again; a request was sent, and
    /// is sent again with the same key; a
    /// child workflow was started, and is found again.
    /// </summary>
    /// <param name="step">The step's name: a statement, a request, or the call of a child workflow.</param>
    /// <param name="attempt">In which run of the step that would have succeeded, from 1.</param>
    public WorkflowTest<TOut> CrashDuring(string step, int attempt = 1) => Crash(CrashPlan.Moment.During, step, attempt);

    /// <summary>The worker dies after every step and every wait. A workflow has the same result as without.</summary>
    public WorkflowTest<TOut> CrashAfterEveryStep()
    {
        _crashes.Add(plan => plan.Always = true);
        return this;
    }

    /// <summary>Ends the run at a moment; a workflow that has not ended by then is still running.</summary>
    /// <param name="elapsed">Virtual time after the start.</param>
    public WorkflowTest<TOut> StopAfter(TimeSpan elapsed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elapsed, TimeSpan.Zero);
        _limit = elapsed;
        return this;
    }

    /// <summary>Ends the run after a step.</summary>
    /// <param name="step">The step's name: a statement, a request, or the call of a child workflow.</param>
    /// <param name="times">After which run of it, from 1.</param>
    public WorkflowTest<TOut> StopAfterStep(string step, int times = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _last = (step, times);
        return this;
    }

    /// <summary>
    /// When the workflow starts; schedules and deadlines count from it. 1 January 2026, midnight UTC, when nothing is said.
    /// </summary>
    /// <param name="start">The moment.</param>
    public WorkflowTest<TOut> StartAt(DateTimeOffset start)
    {
        _start = new DateTimeOffset(start.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return this;
    }

    /// <summary>A variable of <c>df.setvar</c>, which steps refer to as <c>{name}</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public WorkflowTest<TOut> Variable(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _variables.Add((name, value));
        return this;
    }

    /// <summary>The label that <c>df.start</c> was given; the workflow's name when nothing is said.</summary>
    /// <param name="label">The label.</param>
    public WorkflowTest<TOut> Label(string label)
    {
        _label = label;
        return this;
    }

    /// <summary>
    /// The setting <c>pg_durable.min_loop_interval</c>: the pace of endless loops that do not wait. One second when nothing is said.
    /// </summary>
    /// <param name="interval">From 0.</param>
    public WorkflowTest<TOut> MinLoopInterval(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        _minLoopInterval = interval;
        return this;
    }

    private WorkflowTest<TOut> Crash(CrashPlan.Moment moment, string step, int attempt)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        _crashes.Add(plan => plan.Add(moment, step, attempt));
        return this;
    }
}
