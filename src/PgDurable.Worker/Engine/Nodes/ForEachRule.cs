using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>
/// FOREACH: runs the body once for each row of a named result, a limited number in parallel. The result is the array of the bodies' results
/// in row order.
/// </summary>
internal static class ForEachRule
{
    private const int DefaultParallel = 10;

    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var config = (NodeConfig.ForEach)frame.Node.Config!;
        if (!frame.Scope.Names.TryGetValue(config.Rows, out var result))
        {
            engine.Refuse(frame, new StepError(
                $"df.foreach: result '{config.Rows}' not found", DurableErrorCodes.ResultNotFound,
                Hint: "Name the step whose rows are meant, with |=>, before this one."));
            return;
        }
        if (Items(result) is not { } items)
        {
            engine.Refuse(frame, new StepError(
                $"df.foreach: result '{config.Rows}' is neither a row set nor a JSON array", DurableErrorCodes.ResultNotFound));
            return;
        }
        frame.State = new Memory(items);
        BeginMore(engine, frame);
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, Frame child, End end)
    {
        var memory = frame.StateAs<Memory>();
        memory.Ends[int.Parse(child.Path.AsSpan(child.Path.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture)] = end;
        if (end is not End.Completed)
            memory.IsStopping = true;
        BeginMore(engine, frame);
    }

    private static void BeginMore(WorkflowEngine engine, Frame frame)
    {
        var memory = frame.StateAs<Memory>();
        if (memory.IsBeginning)
            return; // an item that has nothing to wait for can end while the loop below is still running
        memory.IsBeginning = true;
        var config = (NodeConfig.ForEach)frame.Node.Config!;
        while (!memory.IsStopping && memory.Begun < memory.Items.Count && frame.Children.Count < (config.MaxParallel ?? DefaultParallel))
        {
            var index = memory.Begun++;
            var scope = frame.Scope.Branch();
            scope.Bind(config.ItemName, memory.Items[index]);
            engine.Begin(frame.Node.Left, frame.PathOf(index), frame, scope);
        }
        memory.IsBeginning = false;
        if (frame.Children.Count > 0)
            return;

        var deciding = Branches.Deciding(frame, memory.Ends);
        switch (deciding is null ? null : memory.Ends[deciding.Value])
        {
            case End.Failed failed:
                var steps = memory.Ends.OfType<End.Failed>().SelectMany(other => other.Failure.Steps);
                engine.End(frame, new End.Failed(failed.Failure.Within($"FOREACH item {deciding} failed: ") with { Steps = [.. steps] }));
                return;
            case End.Broken broken:
                engine.End(frame, broken);
                return;
        }
        engine.Complete(frame, JsonArray.Of(memory.Ends.Select(ended => ((End.Completed)ended!).Result)), null);
    }

    private static List<StepResult>? Items(StepResult result)
    {
        try
        {
            if (result.TryGetRows(out var rows))
                return [.. rows.EnumerateArray().Select((row, i) =>
                    new StepResult($$"""{"rows":[{{row.GetRawText()}}],"row_count":1}""", ResultColumn.OfRow(result.Columns, i)))];
            return result.Root.ValueKind == JsonValueKind.Array
                ? [.. result.Root.EnumerateArray().Select(item => new StepResult(item.GetRawText(), null))]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Memory(List<StepResult> items) : ICollectsResults
    {
        public IEnumerable<StepResult> Results => [.. items, .. Ends.OfType<End.Completed>().Select(end => end.Result)];

        public List<StepResult> Items => items;

        public End?[] Ends { get; } = new End?[items.Count];

        public int Begun { get; set; }

        /// <summary>An item did not complete: no more begin.</summary>
        public bool IsStopping { get; set; }

        public bool IsBeginning { get; set; }
    }
}
