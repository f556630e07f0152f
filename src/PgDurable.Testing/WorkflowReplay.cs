using PgDurable.Graph;
using PgDurable.Testing.Replay;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing;

/// <summary>
/// Checks definitions against recorded histories (from <c>df.export_history</c> or <see cref="WorkflowTestResult{TOut}.History"/>), and
/// replays histories step by step.
/// </summary>
public static class WorkflowReplay
{
    /// <summary>Checks whether a definition would still do what a recorded instance did, given the same results.</summary>
    /// <param name="definition">The current definition.</param>
    /// <param name="json">The history as JSON.</param>
    /// <returns>Whether the definition is compatible, and if not, where it differs and why.</returns>
    /// <remarks>
    /// Statements are compared as they ran, so names and formatting in the graph may change, and so may nodes on paths that weren't taken.
    /// Running instances keep the version that they started with, so an incompatible change doesn't endanger them: it only needs a new
    /// version.
    /// </remarks>
    /// <exception cref="FormatException">The text isn't a history, or it has a newer format.</exception>
    public static ReplayReport Check(WorkflowDefinition definition, string json)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(json);
        return new Comparison(RecordedRun.Parse(json), WorkflowGraph.Parse(definition.GraphJson)).Run();
    }

    /// <summary>
    /// Checks whether a graph that was composed at run time would still do what a recorded instance did, given the same results.
    /// </summary>
    /// <param name="graph">The current graph.</param>
    /// <param name="json">The history as JSON.</param>
    /// <returns>Whether the definition is compatible, and if not, where it differs and why.</returns>
    /// <exception cref="FormatException">The text isn't a history, or the graph is invalid.</exception>
    public static ReplayReport Check(DfNode graph, string json)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(json);
        return new Comparison(RecordedRun.Parse(json), WorkflowGraph.Parse(graph.ToJson())).Run();
    }

    /// <summary>
    /// Replays a recorded run and returns its steps, in the order in which the engine processed the ends of steps and waits.
    /// </summary>
    /// <param name="json">The history as JSON.</param>
    /// <returns>
    /// The steps. A finished loop iteration whose steps are no longer recorded is a single step, with what was carried into the next
    /// iteration.
    /// </returns>
    /// <exception cref="FormatException">The text isn't a history, or it has a newer format.</exception>
    public static IReadOnlyList<ReplayStep> Steps(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var run = RecordedRun.Parse(json);
        var state = new WorkflowState(run.Graph, run.Facts);
        WorkflowEngine.Start(state, run.StartedAt);
        var steps = new List<ReplayStep>(run.Inputs.Count);
        foreach (var recorded in run.Inputs)
        {
            var input = recorded.Input;
            var node = run.Graph.Nodes[input.Execution.Node];
            var open = state.InFlight.GetValueOrDefault(input.Execution);
            var scope = open?.Frame.Scope ?? state.Root;
            steps.Add(new ReplayStep
            {
                Seq = recorded.Seq,
                Node = node.Number,
                Name = StepNames.Of(node),
                Kind = node.Kind,
                Path = input.Execution.Path,
                StartedAt = recorded.StartedAt,
                FinishedAt = input.At,
                Sql = (open?.Command as Command.RunSql)?.Sql,
                Names = scope.Names.Where(name => !name.Key.StartsWith("sys_", StringComparison.Ordinal))
                    .ToDictionary(name => name.Key, name => name.Value.Json, StringComparer.Ordinal),
                ResultJson = input.Result?.Json,
                Error = input.Error is null ? null : TestErrors.Of(input.Error, node),
                IsLate = open is null && node.Kind != NodeKind.Loop,
            });
            WorkflowEngine.Advance(state, input);
        }
        return steps;
    }
}
