using PgDurable.Graph;

namespace PgDurable.Generators.Model;

/// <summary>Makes the nodes of a graph. One that is put around another comes from the same line of C#.</summary>
internal static class Compose
{
    public static GraphNode Sql(string statement) => new(Composer<GraphNode>.Sql(statement));

    public static GraphNode Then(GraphNode first, GraphNode second) =>
        new(Composer<GraphNode>.Then(first, second)) { Source = second.Source };

    public static GraphNode If(GraphNode condition, GraphNode then, GraphNode otherwise) =>
        new(Composer<GraphNode>.If(condition, then, otherwise));

    public static GraphNode IfRows(string name, GraphNode then, GraphNode otherwise) =>
        new(Composer<GraphNode>.IfRows(name, then, otherwise));

    public static GraphNode Loop(GraphNode body, GraphNode? condition, LoopSettings settings) =>
        new(Composer<GraphNode>.Loop(body, condition, settings));

    public static GraphNode Break(string? value) => new(Composer<GraphNode>.Break(value));

    public static GraphNode Branches(NodeKind kind, IReadOnlyList<GraphNode> branches) =>
        new(Composer<GraphNode>.Branches(kind, branches));

    public static GraphNode ForEach(string rows, GraphNode body, string item, int? maxParallel) =>
        new(Composer<GraphNode>.ForEach(rows, body, item, maxParallel));

    public static GraphNode Sleep(decimal seconds) => new(Composer<GraphNode>.Sleep(seconds));

    public static GraphNode SleepFor(string reference) => new(Composer<GraphNode>.SleepFor(reference));

    public static GraphNode SleepUntil(string moment) => new(Composer<GraphNode>.SleepUntil(moment));

    public static GraphNode Schedule(string cron, string? timeZone) => new(Composer<GraphNode>.WaitForSchedule(cron, timeZone));

    public static GraphNode Signal(string name, TimeSetting? limit) => new(Composer<GraphNode>.WaitForSignal(name, limit));

    public static GraphNode Retry(GraphNode node, RetrySettings settings) =>
        new(Composer<GraphNode>.Retry(node, settings)) { Source = node.Source };

    public static GraphNode Timeout(GraphNode node, decimal seconds) =>
        new(Composer<GraphNode>.Timeout(node, seconds)) { Source = node.Source };

    public static GraphNode Try(GraphNode body, GraphNode handler, GraphNode? last) =>
        new(Composer<GraphNode>.Try(body, handler, last));

    public static GraphNode Fail(string message, string? sqlState) => new(Composer<GraphNode>.Fail(message, sqlState));

    public static GraphNode UndoOnCancel(GraphNode root)
    {
        GraphNode From(Composed<GraphNode> composed, string? name = null) => new(composed) { Source = root.Source, Name = name };
        var canceled = From(Composer<GraphNode>.WaitForSignal(Graph.UndoOnCancel.Signal, timeout: null), Graph.UndoOnCancel.Signal);
        var fails = From(Composer<GraphNode>.Fail(Graph.UndoOnCancel.Message, Graph.UndoOnCancel.SqlState));
        return From(Composer<GraphNode>.Branches(
            NodeKind.Race, [root, From(Composer<GraphNode>.Then(canceled, fails))]));
    }

    public static GraphNode Undo(GraphNode forward, GraphNode undo) =>
        new(Composer<GraphNode>.WithUndo(forward, undo)) { Source = forward.Source };

    public static GraphNode Activity(string name, string? inputJson, string? queue) =>
        new(Composer<GraphNode>.Activity(name, inputJson, queue));

    public static GraphNode Call(string workflow, string? inputJson, int version) =>
        new(Composer<GraphNode>.Call(workflow, inputJson, version));

    public static GraphNode Http(NodeKind kind, HttpSettings settings) => new(Composer<GraphNode>.Http(kind, settings));
}
