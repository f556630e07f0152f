namespace PgDurable.Worker.Engine;

/// <summary>One execution of a node. Together with the instance, it is the key of a checkpoint.</summary>
/// <param name="Node">The node's number.</param>
/// <param name="Path">The loop iterations and branch items above this execution; empty outside of them.</param>
internal readonly record struct ExecutionKey(int Node, string Path);
