using PgDurable.Testing.Answers;
using PgDurable.Testing.Running;

namespace PgDurable.Testing;

/// <content>External events: time, signals and crashes.</content>
public sealed partial class WorkflowTest<TOut>
{
    /// <summary>Sends a signal after a delay.</summary>
    /// <param name="delay">The virtual time since the start.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="data">The payload: an object that is serialized to JSON with names in snake_case, or null for JSON null.</param>
    public WorkflowTest<TOut> SignalAfter(TimeSpan delay, string name, object? data = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        var json = JsonValues.Write(data);
        _events.Add((time, worker, root) => time.At(time.Now + delay, () => worker.Signal(root, name, json)));
        return this;
    }

    /// <summary>Cancels the workflow after a delay, as <c>df.cancel</c> does.</summary>
    /// <param name="delay">The virtual time since the start.</param>
    /// <param name="reason">The reason, which the error contains.</param>
    public WorkflowTest<TOut> CancelAfter(TimeSpan delay, string reason = "cancelled by the test")
    {
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        _events.Add((time, worker, root) => time.At(time.Now + delay, () => worker.Cancel(root, reason)));
        return this;
    }

    /// <summary>
    /// Crashes the worker right after the end of a step or wait is recorded, before anything follows from it. The worker comes back at
    /// once.
    /// </summary>
    /// <param name="step">The step's name.</param>
    /// <param name="attempt">Which end of the step crashes the worker, starting at 1.</param>
    public WorkflowTest<TOut> CrashAfter(string step, int attempt = 1) => Crash(CrashPlan.Moment.After, step, attempt);

    /// <summary>
    /// Crashes the worker in the middle of a step. The worker comes back at once. A statement is rolled back and runs again, a request is
    /// sent again with the same key, and a child workflow that was started is found again. For an activity, the application crashes
    /// instead, and the activity is delivered again at once, with the same key.
    /// </summary>
    /// <param name="step">The name of the step: a statement, a request, an activity, or a call of a child workflow.</param>
    /// <param name="attempt">Which successful execution of the step crashes the worker, starting at 1.</param>
    public WorkflowTest<TOut> CrashDuring(string step, int attempt = 1) => Crash(CrashPlan.Moment.During, step, attempt);

    /// <summary>Crashes the worker after every step and wait. The workflow's result must be the same as without crashes.</summary>
    public WorkflowTest<TOut> CrashAfterEveryStep()
    {
        _crashes.Add(plan => plan.Always = true);
        return this;
    }

    /// <summary>
    /// Stops the run after some time. A workflow that hasn't ended by then has the status <see cref="WorkflowStatus.Running"/>.
    /// </summary>
    /// <param name="elapsed">The virtual time since the start.</param>
    public WorkflowTest<TOut> StopAfter(TimeSpan elapsed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elapsed, TimeSpan.Zero);
        _limit = elapsed;
        return this;
    }

    /// <summary>Stops the run after a step.</summary>
    /// <param name="step">The name of the step: a statement, a request, an activity, or a call of a child workflow.</param>
    /// <param name="times">Which execution of the step stops the run, starting at 1.</param>
    public WorkflowTest<TOut> StopAfterStep(string step, int times = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _last = (step, times);
        return this;
    }

    /// <summary>
    /// Sets when the workflow starts. Schedules and deadlines count from this time. The default is midnight UTC on January 1, 2026.
    /// </summary>
    /// <param name="start">The start time.</param>
    public WorkflowTest<TOut> StartAt(DateTimeOffset start)
    {
        _start = new DateTimeOffset(start.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return this;
    }

    /// <summary>Sets a variable, as <c>df.setvar</c> does. Steps refer to it as <c>{name}</c>.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="value">The variable's value.</param>
    public WorkflowTest<TOut> Variable(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _variables.Add((name, value));
        return this;
    }

    /// <summary>Sets the instance's label. The default is the workflow's name.</summary>
    /// <param name="label">The label.</param>
    public WorkflowTest<TOut> Label(string label)
    {
        _label = label;
        return this;
    }

    /// <summary>
    /// Sets <c>pg_durable.min_loop_interval</c>: the minimum interval between iterations of endless loops that don't wait. The default is
    /// one second.
    /// </summary>
    /// <param name="interval">The interval: at least 0.</param>
    public WorkflowTest<TOut> MinLoopInterval(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        _minLoopInterval = interval;
        return this;
    }

    /// <summary>
    /// Sets how many steps and waits may end before the run throws a <see cref="WorkflowTestException"/>, because the workflow seems to run
    /// forever. The steps of child workflows count. The default is 10,000.
    /// </summary>
    /// <param name="steps">The number of steps: at least 1.</param>
    public WorkflowTest<TOut> MaxSteps(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        _maxSteps = steps;
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
