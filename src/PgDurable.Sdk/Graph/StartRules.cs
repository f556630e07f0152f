namespace PgDurable.Graph;

/// <summary>
/// What <c>df.start</c> finds besides what <see cref="GraphReader"/> does. The worker needs none of it: a name that nothing binds fails the step that reads it.
/// </summary>
internal static class StartRules
{
    /// <exception cref="GraphFormatException">The graph can't be started.</exception>
    public static void Check(WorkflowGraph graph)
    {
        var paths = new GraphPaths(graph);
        foreach (var node in graph.Nodes)
            if (node.Config is NodeConfig.Schedule schedule && TimeZoneNames.Problem(schedule.TimeZone) is { } problem)
                throw new GraphFormatException(paths.Of(node), problem);

        // df.if_rows and df.foreach name a result; one that no node of the graph binds is misspelt.
        var bound = Bound(graph);
        foreach (var node in graph.Nodes)
        {
            var (composer, name) = node.Config switch
            {
                NodeConfig.RowTest test => ("df.if_rows", test.ResultName),
                NodeConfig.ForEach each => ("df.foreach", each.Rows),
                _ => ("", "input"),
            };
            if (!bound.Contains(name))
                throw new GraphFormatException(
                    paths.Of(node), $"{composer}: result '{name}' not found: no node of the graph has this name. Names: {string.Join(", ", bound)}");
        }
    }

    private static SortedSet<string> Bound(WorkflowGraph graph)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal) { "input" };
        foreach (var node in graph.Nodes)
        {
            if (node.Kind == NodeKind.Try) names.Add("error");
            if (node.ResultName is not null) names.Add(node.ResultName);
            if (node.Config is NodeConfig.ForEach each) names.Add(each.ItemName);
        }
        return names;
    }
}
