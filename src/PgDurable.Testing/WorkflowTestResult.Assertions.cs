namespace PgDurable.Testing;

/// <content>Expectations. One that is not met throws a <see cref="WorkflowTestException"/> with the trace.</content>
public sealed partial class WorkflowTestResult<TOut>
{
    /// <summary>It has completed.</summary>
    /// <returns>This result, to go on.</returns>
    /// <exception cref="WorkflowTestException">It has not.</exception>
    public WorkflowTestResult<TOut> ShouldComplete() => Should(Status == WorkflowStatus.Completed, Status switch
    {
        WorkflowStatus.Running when WaitsFor.Count > 0 =>
            $"The workflow did not complete: it waits for ever for {string.Join("; ", WaitsFor)}.",
        WorkflowStatus.Running => "The workflow did not complete before the test stopped it.",
        _ => $"The workflow did not complete, it is {Status}.",
    });

    /// <summary>It has failed.</summary>
    /// <param name="sqlState">With this SQLSTATE; null for any.</param>
    /// <param name="step">At this step; null for any.</param>
    /// <returns>This result, to go on.</returns>
    /// <exception cref="WorkflowTestException">It has not.</exception>
    public WorkflowTestResult<TOut> ShouldFail(string? sqlState = null, string? step = null)
    {
        Should(Status == WorkflowStatus.Failed, $"The workflow should have failed, but is {Status}.");
        Should(sqlState is null
            || Error!.SqlState == sqlState, $"The workflow should have failed with {sqlState}, and did with {Error?.SqlState}.");
        return Should(step is null || Error!.Step == step, $"The workflow should have failed at {step}, and did at {Error?.Step}.");
    }

    /// <summary>It has not ended, and waits for something that never comes.</summary>
    /// <param name="what">What it waits for, or a part of it, such as the name of a signal; null for anything.</param>
    /// <returns>This result, to go on.</returns>
    /// <exception cref="WorkflowTestException">It does not.</exception>
    public WorkflowTestResult<TOut> ShouldWait(string? what = null) => Should(
        WaitsFor.Any(wait => what is null || wait.Contains(what, StringComparison.Ordinal)),
        $"The workflow should wait{(what is null ? "" : $" for {what}")}, but is {Status}{(WaitsFor.Count == 0 ? "" : $" and waits for {string.Join("; ", WaitsFor)}")}.");

    /// <summary>These steps ran to their end, and no others, in this order. Runs that failed or were lost in a crash don't count.</summary>
    /// <param name="steps">Their names.</param>
    /// <returns>This result, to go on.</returns>
    /// <exception cref="WorkflowTestException">They did not.</exception>
    public WorkflowTestResult<TOut> ShouldHaveRun(params string[] steps)
    {
        var ran = Executed.Where(step => step is { Error: null, Crashed: false }).Select(step => step.Name).ToList();
        return Should(ran.SequenceEqual(steps),
            $"These steps should have run: {string.Join(", ", steps)}\nThese have:                  {string.Join(", ", ran)}");
    }

    /// <summary>A step did not run, not even in vain.</summary>
    /// <param name="step">Its name.</param>
    /// <returns>This result, to go on.</returns>
    /// <exception cref="WorkflowTestException">It did.</exception>
    public WorkflowTestResult<TOut> ShouldNotHaveRun(string step) =>
        Should(Executed.All(ran => ran.Name != step), $"Step {step} should not have run.");

    private WorkflowTestResult<TOut> Should(bool isSo, string message) =>
        isSo ? this : throw new WorkflowTestException($"{message}\n\n{Trace}");
}
