using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>IF: evaluates a condition, or checks whether a named result has rows, and then runs one of two nodes.</summary>
internal static class IfRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        if (frame.Node.Config is not NodeConfig.RowTest test)
            engine.Begin(frame.Node.Condition, frame.Path, frame, frame.Scope);
        else if (HasRows(test.ResultName, frame.Scope, out var error) is { } hasRows)
            TakeArm(engine, frame, hasRows);
        else
            engine.Refuse(frame, error!);
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, Frame child, End end)
    {
        if (end is not End.Completed completed)
            engine.End(frame, end);
        else if (child.Node.Number == frame.Node.Condition)
            TakeArm(engine, frame, Truthiness.Of(completed.Result));
        else
            engine.Complete(frame, completed.Result, completed.Source);
    }

    private static void TakeArm(WorkflowEngine engine, Frame frame, bool condition) =>
        engine.Begin(condition ? frame.Node.Left : frame.Node.Right, frame.Path, frame, frame.Scope);

    private static bool? HasRows(string name, Scope scope, out StepError? error)
    {
        error = null;
        if (!scope.Names.TryGetValue(name, out var result))
        {
            error = new StepError(
                $"df.if_rows: result '{name}' not found", DurableErrorCodes.ResultNotFound,
                Hint: "Name the step whose rows decide, with |=>, before this one.");
            return null;
        }
        try
        {
            if (result.Root.ValueKind == JsonValueKind.Object && result.Root.TryGetProperty("row_count", out var count)
                && count.TryGetInt64(out var rows))
                return rows > 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // not JSON, or not a number: not a SQL result
        }
        error = new StepError($"df.if_rows: result '{name}' is not a SQL result (missing row_count)", DurableErrorCodes.ResultNotFound);
        return null;
    }
}
