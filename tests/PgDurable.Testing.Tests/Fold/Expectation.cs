using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Tests.Fold;

/// <summary>A row of df._fold.</summary>
internal sealed record Found(ExecutionKey Key, string? State, string? Result, string? Message);

/// <summary>What the fold should say, according to the engine.</summary>
internal static class Expectation
{
    /// <summary>The difference of an execution, or null.</summary>
    public static string? Difference(RecordedHistory history, Moment moment, Found found)
    {
        var end = moment.Ends.GetValueOrDefault(found.Key);
        // The fold doesn't say whether something has begun, and a late row may say how something ended that nobody waited for any more.
        if (end is null && !moment.Open.Contains(found.Key))
            return null;
        var state = end switch
        {
            null => null,
            End.Completed => "done",
            End.Failed => "failed",
            End.Broken when found.Key == new ExecutionKey(0, "") && moment.Outcome is not null => "failed",
            _ => "broke",
        };
        if (found.State != state)
            return $"{Text(found.Key)} is {found.State ?? "open"}, not {state ?? "open"}";
        if (end is End.Completed completed && found.Result != completed.Result.Json)
            return $"{Text(found.Key)} has result {found.Result}, not {completed.Result.Json}";
        if (end is End.Failed failed && found.Message != failed.Failure.Error.Message)
            return $"{Text(found.Key)} failed with \"{found.Message}\", not \"{failed.Failure.Error.Message}\"";
        return null;
    }

    /// <summary>The difference of the execution that stands for a node, or null.</summary>
    /// <param name="history">The history.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="hasHidden">Whether something runs that the fold does not see, such as an undo that a loop has carried over.</param>
    /// <param name="key">The execution.</param>
    /// <param name="status">What the node shows.</param>
    public static string? Difference(RecordedHistory history, Moment moment, bool hasHidden, ExecutionKey key, string status)
    {
        var isOpen = moment.Open.Contains(key);
        var end = moment.Ends.GetValueOrDefault(key);
        var isStopped = moment.Stopped.Contains(key);
        var isRoot = key == new ExecutionKey(0, "");
        // If an undo leaves no row, nobody can tell whether it has run.
        var isUndo = history.Graph.Nodes.Any(node => node.Kind == NodeKind.Undo && key.Node >= node.Right && key.Node <= node.Last);
        var isRight = status switch
        {
            "completed" => end is End.Completed or End.Broken || isStopped,
            // So is a loop that has lost a race, for those who know pg_durable; and a graph that ends with a break.
            "failed" => end is End.Failed || isStopped || isRoot && end is End.Broken
                || end is null && !isOpen && history.Graph.Nodes[key.Node].Kind == NodeKind.Loop,
            // It has failed, and runs its undos before it says so.
            "running" => isOpen || hasHidden || isRoot && moment.Outcome is null
                || IsInside(moment.Refused, key) || IsInside(moment.ForEachs, key),
            "pending" or "skipped" or "cancelled" => !isOpen && (end is null || isUndo),
            _ => false,
        };
        var known = isOpen ? "open" : isStopped ? "stopped" : end?.GetType().Name ?? "not begun";
        return isRight ? null : $"node {Text(key)} is {status}, but the engine knows it as {known}";
    }

    // A node that couldn't even start has no children. This is known once it is on record.
    private static bool IsInside(IEnumerable<Frame> frames, ExecutionKey key) => frames.Any(
        frame => key.Node > frame.Node.Number && key.Node <= frame.Node.Last && key.Path.StartsWith(frame.Path, StringComparison.Ordinal));

    private static string Text(ExecutionKey key) => $"{key.Node}@{key.Path}";
}
