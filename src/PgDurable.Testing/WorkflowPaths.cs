using System.Collections.Immutable;
using PgDurable.Graph;
using PgDurable.Testing.Paths;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing;

/// <summary>
/// Finds the ways through a workflow and runs each, with values made up for what its steps return: both sides of each condition, signals
/// that come and time-outs, results with and
/// without rows, steps that fail, retries that help or don't, each branch of a race as the first, each loop once, twice and three times,
/// each list with no, one and two items.
/// </summary>
/// <remarks>
/// Conditions that follow from what is known (a signal has timed out) go one way only. What only the data could rule out is run too, so a
/// path may be one that never happens.
/// </remarks>
public static class WorkflowPaths
{
    /// <summary>Explores a workflow.</summary>
    /// <param name="definition">The workflow.</param>
    /// <param name="options">How far to go; null for the defaults.</param>
    /// <returns>The paths, and what they reach.</returns>
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
    /// <param name="options">How far to go; null for the defaults.</param>
    /// <returns>The paths, and what they reach.</returns>
    /// <exception cref="GraphFormatException">The graph can't be started.</exception>
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
            Uncovered = [.. graph.Nodes.Where(node => !reached.Contains(node.Number)).Select(node => $"{node.Number} '{node.Name}'")],
        };
    }
}
