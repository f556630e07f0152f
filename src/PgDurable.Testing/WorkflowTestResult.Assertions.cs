using PgDurable.Testing.Running;

namespace PgDurable.Testing;

/// <content>Assertions. An assertion that fails throws a <see cref="WorkflowTestException"/> with the trace.</content>
public sealed partial class WorkflowTestResult<TOut>
{
    /// <summary>Asserts that the workflow completed.</summary>
    /// <returns>This result, for chaining.</returns>
    /// <exception cref="WorkflowTestException">The workflow didn't complete.</exception>
    public WorkflowTestResult<TOut> ShouldComplete() => Should(Status == WorkflowStatus.Completed, Status switch
    {
        WorkflowStatus.Running when WaitsFor.Count > 0 =>
            $"The workflow didn't complete: it waits forever for {string.Join("; ", WaitsFor)}.",
        WorkflowStatus.Running => "The workflow didn't complete before the test stopped it.",
        _ => $"The workflow didn't complete. Its status is {Status}.",
    });

    /// <summary>Asserts that the workflow failed.</summary>
    /// <param name="sqlState">The expected SQLSTATE, or null for any.</param>
    /// <param name="step">The step that is expected to have failed, or null for any.</param>
    /// <returns>This result, for chaining.</returns>
    /// <exception cref="WorkflowTestException">
    /// The workflow didn't fail in this way, or it has no step of this name.
    /// </exception>
    public WorkflowTestResult<TOut> ShouldFail(string? sqlState = null, string? step = null)
    {
        if (step is not null)
            StepNames.Check(step, _graphs);
        Should(Status == WorkflowStatus.Failed, $"The workflow should have failed, but its status is {Status}.");
        Should(
            sqlState is null || Error!.SqlState == sqlState,
            $"The workflow should have failed with {sqlState}, but it failed with {Error?.SqlState}.");
        return Should(
            step is null || (Error!.Node is { } node && StepNames.Match(step, _instance.Graph.Nodes[node])),
            $"The workflow should have failed at '{step}', but it failed at '{Error?.Step}'.");
    }

    /// <summary>Asserts that the workflow hasn't ended and waits for something that never comes.</summary>
    /// <param name="what">Part of the description of what it waits for, such as the name of a signal, or null for anything.</param>
    /// <returns>This result, for chaining.</returns>
    /// <exception cref="WorkflowTestException">The workflow doesn't wait for this.</exception>
    public WorkflowTestResult<TOut> ShouldWait(string? what = null)
    {
        var actual = WaitsFor.Count == 0 ? $"its status is {Status}" : $"it waits for {string.Join("; ", WaitsFor)}";
        return Should(
            WaitsFor.Any(wait => what is null || wait.Contains(what, StringComparison.Ordinal)),
            $"The workflow should wait{(what is null ? "" : $" for {what}")}, but {actual}.");
    }

    /// <summary>Asserts that a step completed at least once. Executions that failed or were lost in a crash don't count.</summary>
    /// <param name="step">The step's name.</param>
    /// <returns>This result, for chaining.</returns>
    /// <exception cref="WorkflowTestException">The step didn't complete, or the workflow has no step of this name.</exception>
    public WorkflowTestResult<TOut> ShouldHaveRun(string step)
    {
        StepNames.Check(step, _graphs);
        return Should(Completed().Any(ran => HasName(ran, step)), $"Step '{step}' should have run.");
    }

    /// <summary>
    /// Asserts that these steps completed in this order, and no others. Executions that failed or were lost in a crash don't count. Steps
    /// that need no database, such as conditions (<see cref="ExecutedStep.IsComputed"/>), only count if <paramref name="steps"/> has them.
    /// </summary>
    /// <param name="steps">The names of the steps. For an activity, the name of its result or its own name.</param>
    /// <returns>This result, for chaining.</returns>
    /// <exception cref="WorkflowTestException">
    /// Other steps completed, or in another order, or the workflow has no step of one of these names.
    /// </exception>
    public WorkflowTestResult<TOut> ShouldHaveRunExactly(params string[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (var step in steps)
            StepNames.Check(step, _graphs);
        var ran = Completed().Where(step => !step.IsComputed || steps.Any(name => HasName(step, name))).ToList();
        return Should(ran.Count == steps.Length && ran.Zip(steps).All(pair => HasName(pair.First, pair.Second)),
            $"Wrong steps ran.\nExpected: {string.Join(", ", steps)}\nActual:   {string.Join(", ", ran.Select(step => step.Name))}");
    }

    /// <summary>Asserts that a step never ran, not even without success.</summary>
    /// <param name="step">The step's name.</param>
    /// <returns>This result, for chaining.</returns>
    /// <exception cref="WorkflowTestException">The step ran, or the workflow has no step of this name.</exception>
    public WorkflowTestResult<TOut> ShouldNotHaveRun(string step)
    {
        StepNames.Check(step, _graphs);
        return Should(!Executed.Any(ran => HasName(ran, step)), $"Step '{step}' should not have run.");
    }

    private IEnumerable<ExecutedStep> Completed() => Executed.Where(step => step is { Error: null, Crashed: false });

    private static bool HasName(ExecutedStep ran, string step) => StepNames.Match(step, ran.Definition);

    private WorkflowTestResult<TOut> Should(bool isSo, string message) =>
        isSo ? this : throw new WorkflowTestException($"{message}\n\n{Trace}");
}
