using PgDurable.Graph;

namespace PgDurable.Testing.Running;

/// <summary>The names by which tests refer to steps: the name of the result, an activity's name, or the beginning of the SQL.</summary>
internal static class StepNames
{
    public static bool Match(string name, Node node)
    {
        if (node.Name == name || node.ResultName == name || Activity(node) == name)
            return true;
        return node is { Kind: NodeKind.Sql, Query: { } query, ResultName: null }
            && Words(query).StartsWith(Words(name), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns the name that a test sees.</summary>
    public static string Of(Node node) => node.ResultName ?? Activity(node) ?? node.Name;

    /// <summary>Returns an activity's name, or null for another step.</summary>
    public static string? Activity(Node node) => (node.Config as NodeConfig.Activity)?.Name;

    /// <summary>Returns the names of a graph's steps that a test can refer to.</summary>
    public static IEnumerable<string> Of(WorkflowGraph graph) => graph.Nodes
        .Where(node => node.Kind is not (NodeKind.Then or NodeKind.If or NodeKind.Loop or NodeKind.Join or NodeKind.Race))
        .Select(Of).Distinct();

    /// <summary>Checks that one of the workflows has a step of this name.</summary>
    /// <exception cref="WorkflowTestException">None has.</exception>
    public static void Check(string name, IReadOnlyList<WorkflowGraph> graphs)
    {
        if (graphs.Any(graph => graph.Nodes.Any(node => Match(name, node))))
            return;
        var known = string.Join(", ", graphs.SelectMany(Of).Distinct().Select(step => $"'{step}'"));
        throw new WorkflowTestException($"The workflow has no step '{name}'. It has: {known}.");
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
