using System.Globalization;
using PgDurable.Graph;
using PgDurable.Testing.Replay;
using PgDurable.Testing.Running;

namespace PgDurable.Testing;

/// <summary>The result of running a <see cref="WorkflowTest{TOut}"/>.</summary>
/// <typeparam name="TOut">The type of the workflow's result.</typeparam>
public sealed partial class WorkflowTestResult<TOut>
{
    private readonly VirtualInstance _instance;
    private readonly IReadOnlyList<WorkflowGraph> _graphs;
    private readonly Func<string, TOut> _read;
    private readonly string _trace;
    private readonly WorkflowDefinition? _definition;

    internal WorkflowTestResult(
        VirtualInstance instance, IReadOnlyList<WorkflowGraph> graphs, RunLog log, TimeSpan elapsed, Func<string, TOut> read,
        WorkflowDefinition? definition)
    {
        (_instance, _graphs, _read, _trace, _definition) = (instance, graphs, read, log.Trace, definition);
        (Executed, Elapsed) = (log.Executed, elapsed);
        Error = instance.ErrorJson is null ? null : TestErrors.Of(instance.ErrorJson, instance.Graph);
        WaitsFor = instance.Parked is null ? [] : Waits.Describe(instance);
    }

    /// <summary>How the workflow ended, or <see cref="WorkflowStatus.Running"/> if it waits forever or the test stopped it.</summary>
    public WorkflowStatus Status => _instance.Status;

    /// <summary>The workflow's result.</summary>
    /// <exception cref="WorkflowTestException">The workflow didn't complete.</exception>
    /// <exception cref="WorkflowResultException">A column is missing or doesn't fit its property, or there is no row.</exception>
    public TOut Output
    {
        get
        {
            ShouldComplete();
            return _read(_instance.ResultJson!);
        }
    }

    /// <summary>The result as JSON, as <c>df.result</c> returns it, or null if the workflow didn't complete.</summary>
    public string? ResultJson => _instance.ResultJson;

    /// <summary>What the workflow last published as JSON, as <c>df.state</c> returns it, or null if it published nothing.</summary>
    public string? StateJson => _instance.PublishedJson;

    /// <summary>The tags that the instance's steps gave it, as <c>df.tags_of</c> returns them.</summary>
    public IReadOnlyDictionary<string, string> Tags => _instance.Tags;

    /// <summary>Why the workflow failed or was cancelled, or null if neither happened.</summary>
    public TestError? Error { get; }

    /// <summary>The virtual time that the run took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>
    /// The executed statements, requests, activities and child workflows, in order, including failed ones and the steps of child workflows.
    /// </summary>
    public IReadOnlyList<ExecutedStep> Executed { get; }

    /// <summary>A description of each thing that the workflow waits for. Empty if it doesn't wait.</summary>
    public IReadOnlyList<string> WaitsFor { get; }

    /// <summary>The run as JSON, in the format of <c>df.export_history</c>.</summary>
    public string History => HistoryWriter.Write(_instance);

    /// <summary>A readable log of what happened, and when.</summary>
    public string Trace => _trace + Ending();

    /// <summary>Returns what the workflow last published, as <see cref="WorkflowHandle.StateAsync{T}"/> does.</summary>
    /// <typeparam name="T">The type that the workflow publishes.</typeparam>
    /// <returns>The value, or null if it published nothing.</returns>
    /// <exception cref="WorkflowResultException">What was published doesn't fit the type.</exception>
    /// <exception cref="InvalidOperationException">
    /// The workflow publishes another type, or the test is of a graph that was composed at run time.
    /// </exception>
    public T? State<T>() => _definition is null
        ? throw new InvalidOperationException("A graph that was composed at run time publishes no type. Use StateJson.")
        : _definition.ReadState<T>(StateJson);

    /// <summary>Returns the trace.</summary>
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
            _ when WaitsFor.Count > 0 => $"still waiting after {after}: {string.Join("; ", WaitsFor)}\n",
            _ => $"still running after {after}\n",
        };
    }

}
