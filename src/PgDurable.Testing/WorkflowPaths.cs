using System.Collections.Immutable;
using PgDurable.Graph;
using PgDurable.Testing.Paths;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing;

/// <summary>
/// Finds the paths through a workflow and runs each of them with made-up results: both outcomes of each condition, signals that arrive or
/// time out, results with and without rows, steps that fail, retries that succeed or don't, each branch of a race as the winner, one to
/// three iterations of each loop, and lists of zero to two items.
/// </summary>
/// <remarks>
/// A condition whose outcome is known (such as whether a signal timed out) is followed only that way. A path may be impossible in practice
/// if only the data rules it out.
/// </remarks>
public static class WorkflowPaths
{
    /// <summary>Explores a workflow.</summary>
    /// <param name="definition">The workflow.</param>
    /// <param name="options">The limits, or null for the defaults.</param>
    /// <returns>The paths and the nodes that they reach.</returns>
    /// <example><code>
    /// public static IEnumerable&lt;object[]&gt; Paths => WorkflowPaths.Explore(OrderApproval.Definition).Cases;
    ///
    /// [Theory, MemberData(nameof(Paths))]
    /// public void EveryPath_HandlesItsErrors(WorkflowPath path) => Assert.False(path.EndsInUnhandledError, path.Trace);
    /// </code></example>
    public static PathReport Explore(WorkflowDefinition definition, PathOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Explore(WorkflowGraph.Parse(definition.GraphJson), options ?? new());
    }

    /// <summary>Explores a graph that was composed at run time.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">The limits, or null for the defaults.</param>
    /// <returns>The paths and the nodes that they reach.</returns>
    /// <exception cref="GraphFormatException">The graph is invalid.</exception>
    public static PathReport Explore(DfNode graph, PathOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph.Validate();
        return Explore(WorkflowGraph.Parse(graph.ToJson()), options ?? new());
    }

    private static PathReport Explore(WorkflowGraph graph, PathOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPaths, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFailures, 0, nameof(options));
        var values = new MadeUpValues(graph);
        var facts = new InstanceFacts(
            "00000001", "label", options.InputJson ?? values.Input(), ImmutableDictionary<string, string>.Empty, TimeSpan.FromSeconds(1));
        var reached = new HashSet<int>();
        var paths = new List<WorkflowPath>();
        var choices = new Choices();
        do
        {
            choices.Restart();
            paths.Add(new PathRun(graph, facts, values, choices, options.MaxFailures, reached).Go(paths.Count + 1));
        }
        while (choices.MoveNext() && paths.Count < options.MaxPaths);
        return new PathReport
        {
            Paths = paths,
            IsComplete = choices.IsDone,
            Nodes = graph.Nodes.Length,
            Uncovered = [.. graph.Nodes.Where(node => !reached.Contains(node.Number))
                .Select(node => $"{node.Number} '{StepNames.Of(node)}'")],
        };
    }
}
