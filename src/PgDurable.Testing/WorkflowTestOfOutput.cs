using System.Collections.Immutable;
using PgDurable.Graph;
using PgDurable.Testing.Answers;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing;

/// <summary>A test of a workflow. Describe what happens, then run it.</summary>
/// <typeparam name="TOut">The type of the workflow's result.</typeparam>
/// <remarks>
/// Name a step by the name of its result or by the beginning of its SQL: <c>"order"</c>, <c>"INSERT INTO totals"</c>. A test can run more
/// than once; each run starts from scratch.
/// </remarks>
public sealed partial class WorkflowTest<TOut>
{
    private readonly ChildWorkflow _workflow;
    private readonly string? _input;
    private readonly Func<string, TOut> _read;
    private readonly WorkflowDefinition? _definition;
    private readonly List<Action<AnswerBook>> _answers = [];
    private readonly List<Action<CrashPlan>> _crashes = [];
    private readonly List<Action<VirtualTime, VirtualWorker, VirtualInstance>> _events = [];
    private readonly List<(string Name, string Value)> _variables = [];
    private Func<RealSql>? _database;
    private DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _minLoopInterval = TimeSpan.FromSeconds(1);
    private int _maxSteps = 10_000;
    private TimeSpan? _limit;
    private (string Step, int Times)? _last;
    private string? _label;

    internal WorkflowTest(ChildWorkflow workflow, string? input, Func<string, TOut> read, WorkflowDefinition? definition = null) =>
        (_workflow, _input, _read, _definition) = (workflow, input, read, definition);

    /// <summary>
    /// Runs the workflow until it ends, waits for something that never comes, or reaches the point where the test stops it.
    /// </summary>
    /// <param name="ct">Cancels the run.</param>
    /// <returns>
    /// What happened. A workflow that failed or still waits doesn't throw; use assertions such as
    /// <see cref="WorkflowTestResult{TOut}.ShouldComplete"/>.
    /// </returns>
    /// <exception cref="UnansweredStepException">A step ran that has no answer. The message shows the line to add.</exception>
    /// <exception cref="WorkflowTestException">
    /// The test names a step that the workflow doesn't have, or the workflow runs forever.
    /// </exception>
    /// <exception cref="GraphFormatException">The workflow's graph is invalid.</exception>
    public async Task<WorkflowTestResult<TOut>> RunAsync(CancellationToken ct = default)
    {
        var book = new AnswerBook();
        foreach (var add in _answers)
            add(book);
        var crashes = new CrashPlan();
        foreach (var add in _crashes)
            add(crashes);
        var graphs = book.Children.Select(child => child.GraphJson).Prepend(_workflow.GraphJson).Select(WorkflowGraph.Parse).ToList();
        foreach (var name in _last is { } stop ? book.Steps.Concat(crashes.Steps).Append(stop.Step) : book.Steps.Concat(crashes.Steps))
            StepNames.Check(name, graphs);

        var time = new VirtualTime(_start);
        var log = new RunLog(time, _workflow.Name);
        var worker = new VirtualWorker(time, book, crashes, log, _minLoopInterval) { MaxSteps = _maxSteps };
        if (_last is { } last)
        {
            var seen = 0;
            worker.StopWhen = (step, node) => !step.Crashed && StepNames.Match(last.Step, node) && ++seen == last.Times;
        }
        var facts = new InstanceFacts(
            "00000001", _label ?? (_workflow.Name.Length == 0 ? null : _workflow.Name), _input, _variables
                .ToImmutableDictionary(pair => pair.Name, pair => pair.Value), _minLoopInterval);
        var root = worker.Submit(_workflow, facts);
        foreach (var plan in _events)
            plan(time, worker, root);

        await using var database = _database?.Invoke();
        book.Database = database;
        if (database is not null)
            await database.OpenAsync(ct).ConfigureAwait(false);
        try
        {
            await worker.RunAsync(root, _limit, ct).ConfigureAwait(false);
        }
        catch (UnansweredStepException e)
        {
            throw new UnansweredStepException(e.Step, e.Suggestion, $"{e.Message}So far:\n\n{log.Trace}");
        }
        return new WorkflowTestResult<TOut>(root, graphs, log, time.Elapsed, _read, _definition);
    }
}
