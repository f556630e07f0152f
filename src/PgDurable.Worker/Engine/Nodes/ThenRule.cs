namespace PgDurable.Worker.Engine.Nodes;

/// <summary>THEN: the left node, then the right one; the result is the right one's.</summary>
internal static class ThenRule
{
    public static void Begin(WorkflowEngine engine, WorkflowState state, ExecutionKey execution) =>
        engine.Begin(execution with { Node = state.Graph.Nodes[execution.Node].Left });

    public static void ChildCompleted(
        WorkflowEngine engine, WorkflowState state, ExecutionKey execution, ExecutionKey child, StepResult result, ExecutionKey source)
    {
        var node = state.Graph.Nodes[execution.Node];
        if (child.Node == node.Left)
            engine.Begin(execution with { Node = node.Right });
        else
            engine.Complete(execution, result, source);
    }
}
