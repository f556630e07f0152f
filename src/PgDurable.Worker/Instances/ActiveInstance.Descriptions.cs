using System.Globalization;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <content>What the log, telemetry and the runners may know of its steps.</content>
internal sealed partial class ActiveInstance
{
    /// <summary>What the log may call a step. Its owner chose the name, but the beginning of its SQL may hold anything.</summary>
    public string LogName(ExecutionKey execution) => LogName(_state!.Graph.Nodes[execution.Node]);

    private static string LogName(Node node) => node.ResultName ?? $"{NodeKinds.Name(node.Kind)} {node.Id}";

    /// <summary>What telemetry may know of a step.</summary>
    public StepDescription Describe(Command command)
    {
        var node = _state!.Graph.Nodes[command.Execution.Node];
        return new StepDescription(
            NodeKinds.Name(node.Kind), Claim.Id, Claim.Workflow, node.ResultName, command.Execution, RetryAttempt(command.Execution))
        {
            TraceParent = Claim.TraceParent,
        };
    }

    /// <summary>Whether one of the workflow's own retries encloses the step.</summary>
    public bool IsRetried(ExecutionKey execution)
    {
        for (var node = _state!.Graph.Nodes[execution.Node].Parent; node >= 0; node = _state.Graph.Nodes[node].Parent)
            if (IsRetry(node))
                return true;
        return false;
    }

    public bool IsRetry(int node) => _state!.Graph.Nodes[node].Kind == NodeKind.Retry;

    // The part of the path that belongs to the innermost retry: "12:3" is the third attempt of node 12.
    private int RetryAttempt(ExecutionKey execution)
    {
        foreach (var segment in execution.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            var colon = segment.IndexOf(':', StringComparison.Ordinal);
            if (IsRetry(int.Parse(segment.AsSpan(0, colon), CultureInfo.InvariantCulture)))
                return int.Parse(segment.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        }
        return 1;
    }
}
