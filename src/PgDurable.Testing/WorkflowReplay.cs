using PgDurable.Graph;
using PgDurable.Testing.Replay;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing;

/// <summary>
/// Holds recorded histories (<c>df.export_history</c>, or <see cref="WorkflowTestResult{TOut}.History"/>) against definitions, and shows
/// them step by step.
/// </summary>
public static class WorkflowReplay
{
    /// <summary>Whether a definition would still do what a recorded instance has done, given the same results.</summary>
    /// <param name="definition">The definition as it is now.</param>
    /// <param name="json">The history.</param>
    /// <returns>Whether, and if not where and why.</returns>
    /// <remarks>
    /// Statements are compared as they ran, so names and formatting of a graph may change, and nodes on ways that were not taken. Running
    /// instances keep the version that they began
    /// with: an incompatible change is no danger to them, but a new version.
    /// </remarks>
    /// <exception cref="FormatException">The text is no history, or one in a newer format.</exception>
    public static ReplayReport Check(WorkflowDefinition definition, string json)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(json);
        return new Comparison(RecordedRun.Parse(json), WorkflowGraph.Parse(definition.GraphJson)).Run();
    }

    /// <summary>The same for a graph that was composed at run time.</summary>
    /// <param name="graph">The graph as it is now.</param>
    /// <param name="json">The history.</param>
    /// <returns>Whether, and if not where and why.</returns>
    /// <exception cref="FormatException">The text is no history, or the graph can't be started.</exception>
    public static ReplayReport Check(DfNode graph, string json)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(json);
        return new Comparison(RecordedRun.Parse(json), WorkflowGraph.Parse(graph.ToJson())).Run();
    }

    /// <summary>Goes through a recorded run, step by step, in the order in which the engine took the ends of steps and waits.</summary>
    /// <param name="json">The history.</param>
    /// <returns>
    /// The steps. Of the rounds of a loop, those that are over and forgotten are one step each, with what went on to the next.
    /// </returns>
    /// <exception cref="FormatException">The text is no history, or one in a newer format.</exception>
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
                Name = node.Name,
                Kind = node.Kind,
                Path = input.Execution.Path,
                StartedAt = recorded.StartedAt,
                FinishedAt = input.At,
                Sql = (open?.Command as Command.RunSql)?.Sql,
                Names = scope.Names.Where(name => !name.Key.StartsWith("sys_", StringComparison.Ordinal)).ToDictionary(name => name.Key, name => name.Value.Json, StringComparer.Ordinal),
                ResultJson = input.Result?.Json,
                Error = input.Error is null ? null : TestErrors.Of(input.Error, node),
                IsLate = open is null && node.Kind != NodeKind.Loop,
            });
            WorkflowEngine.Advance(state, input);
        }
        return steps;
    }
}
