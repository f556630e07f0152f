using System.Globalization;
using PgDurable.Testing.Replay;
using PgDurable.Testing.Running;

namespace PgDurable.Testing;

/// <summary>What happened in a run of a <see cref="WorkflowTest{TOut}"/>.</summary>
/// <typeparam name="TOut">The workflow's result.</typeparam>
public sealed partial class WorkflowTestResult<TOut>
{
    private readonly VirtualInstance _instance;
    private readonly Func<string, TOut> _read;
    private readonly string _trace;

    internal WorkflowTestResult(VirtualInstance instance, RunLog log, TimeSpan elapsed, Func<string, TOut> read)
    {
        (_instance, _read, _trace) = (instance, read, log.Trace);
        (Executed, Elapsed) = (log.Executed, elapsed);
        Error = instance.ErrorJson is null ? null : TestErrors.Of(instance.ErrorJson);
        WaitsFor = instance.Parked is null ? [] : Waits.Describe(instance);
    }

    /// <summary>How it ended; <see cref="WorkflowStatus.Running"/> when it waits for ever, or was stopped by the test.</summary>
    public WorkflowStatus Status => _instance.Status;

    /// <summary>The result.</summary>
    /// <exception cref="WorkflowTestException">The workflow did not complete.</exception>
    /// <exception cref="WorkflowResultException">A column is missing or does not fit its property, or there is no row.</exception>
    public TOut Output
    {
        get
        {
            ShouldComplete();
            return _read(_instance.ResultJson!);
        }
    }

    /// <summary>The result as JSON, as <c>df.result</c> returns it; null when the workflow did not complete.</summary>
    public string? ResultJson => _instance.ResultJson;

    /// <summary>Why it failed or was cancelled; null when it was not.</summary>
    public TestError? Error { get; }

    /// <summary>The virtual time that it took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>
    /// The runs of statements, requests and child workflows, those that failed included, in order. Those of child workflows are among them.
    /// </summary>
    public IReadOnlyList<ExecutedStep> Executed { get; }

    /// <summary>What a workflow that has not ended waits for, in words; empty when it does not wait.</summary>
    public IReadOnlyList<string> WaitsFor { get; }

    /// <summary>The run as JSON in the format of <c>df.export_history</c>.</summary>
    public string History => HistoryWriter.Write(_instance);

    /// <summary>What happened when, for people to read.</summary>
    public string Trace => _trace + Ending();

    /// <summary>The trace.</summary>
    public override string ToString() => Trace;

    private string Ending()
    {
        var after = Elapsed.ToString("c", CultureInfo.InvariantCulture);
        return Status switch
        {
            WorkflowStatus.Completed => $"completed after {after} with {RunLog.Short(ResultJson!)}\n",
            WorkflowStatus.Failed =>
                $"failed after {after}{(Error!.Step is null ? "" : $" at {Error.Step}")}: {Error.SqlState} {Error.Message}\n"
                + (Error.Hint is null ? "" : $"  hint: {Error.Hint}\n") + (Error.Sql is null ? "" : $"  sql: {RunLog.Short(Error.Sql)}\n"),
            WorkflowStatus.Cancelled => $"cancelled after {after}: {Error!.Message}\n",
            _ when WaitsFor.Count > 0 => $"still waits after {after}: {string.Join("; ", WaitsFor)}\n",
            _ => $"still running after {after}\n",
        };
    }

}
