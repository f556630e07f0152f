using PgDurable.Cli.Workflows;
using PgDurable.Graph;

namespace PgDurable.Cli.Check;

/// <summary>Compares the activities that workflows need with those that somebody implements.</summary>
internal static class ActivityChecker
{
    /// <summary>Checks these workflows, and those of the same build that they call.</summary>
    public static void Check(
        IReadOnlyList<BuiltWorkflow> workflows, IReadOnlyList<BuiltWorkflow> build, IReadOnlySet<string> implemented, CheckReport report)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<BuiltWorkflow>(workflows);
        var open = new Queue<BuiltWorkflow>(workflows);
        while (open.TryDequeue(out var workflow))
        {
            foreach (var node in Nodes(workflow))
            {
                if (node.Config is NodeConfig.Activity activity)
                {
                    needed.Add(activity.Name);
                    if (!implemented.Contains(activity.Name))
                        report.Findings.Add(Missing(workflow, node, activity.Name, implemented));
                }
                else if (node.Config is NodeConfig.Call call)
                {
                    foreach (var called in build.Where(each => IsCalled(each.Registrant, call) && seen.Add(each)))
                        open.Enqueue(called);
                }
            }
        }

        report.Activities = needed.Count;
    }

    private static IEnumerable<Node> Nodes(BuiltWorkflow workflow)
    {
        try
        {
            return WorkflowGraph.Parse(workflow.Registrant.Graph).Nodes;
        }
        catch (GraphFormatException)
        {
            // A finding of its own.
            return [];
        }
    }

    private static bool IsCalled(Registrant workflow, NodeConfig.Call call) =>
        workflow.Name == call.Workflow && (call.Version ?? workflow.Version) == workflow.Version;

    private static Finding Missing(BuiltWorkflow workflow, Node node, string name, IReadOnlySet<string> implemented) => new(
        workflow.Registrant.Name, workflow.Registrant.Version, node.ResultName ?? name, workflow.SourceOf(node), SqlState: null,
        $"nothing implements the activity '{name}'"
            + (implemented.Count == 0 ? "" : $" (there are: {string.Join(", ", implemented.Order(StringComparer.Ordinal))})"),
        "Name the assembly that has it with --activities. If a program without .NET runs it, name the activity with --activity.",
        Near: null);
}
