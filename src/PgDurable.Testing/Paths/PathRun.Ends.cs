using PgDurable.Graph;
using PgDurable.Testing.Constants;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Paths;

/// <content>The possible ends of steps and waits.</content>
internal sealed partial class PathRun
{
    private (StepResult? Result, StepError? Error) EndOf(OpenCommand open) => open.Command switch
    {
        Command.Refuse refuse => (null, refuse.Error),
        Command.Wait { Signal: { } signal } wait => (wait.Until is not null && Choose(open.Frame.Node, "comes", "times out") == 1
            ? wait.WhenDue : MadeUpValues.Signal(signal), null),
        Command.Wait wait => (wait.WhenDue, null),
        _ => EndOfStep(open),
    };

    private (StepResult? Result, StepError? Error) EndOfStep(OpenCommand open)
    {
        var node = open.Frame.Node;
        var (retry, attempt) = RetryOf(open.Frame);
        var error = FailureOf(open, retry);
        if (retry is not null && _hopeless.Contains(new ExecutionKey(node.Number, retry.Path)))
            return (null, error);

        var results = ResultsOf(open, out var labels);
        var isSecond = retry is not null && attempt == 2;
        var mayFail = isSecond || (_failures < _maxFailures && (retry is null || attempt == 1));
        // Without a retry, it makes no difference whether an activity may be tried again.
        var mayFailForGood = mayFail && !isSecond && retry is not null && open.Command is Command.StartTask;
        if (mayFail)
            labels.Add(isSecond ? "fails every time" : $"fails ({error.SqlState})");
        if (mayFailForGood)
            labels.Add("fails for good");
        var index = Choose(node, [.. labels]);
        if (index < results.Count)
            return (results[index], null);
        if (index > results.Count)
            error = error with { IsRetryable = false };
        if (isSecond)
            _hopeless.Add(new ExecutionKey(node.Number, retry!.Path));
        else
            _failures++;
        return (null, error);
    }

    private List<StepResult> ResultsOf(OpenCommand open, out List<string> labels)
    {
        var node = open.Frame.Node;
        var name = NameOf(node);
        switch (open.Command)
        {
            case Command.StartTask when ConditionOf(open.Frame) is { } condition:
                return Truths(condition, null, MadeUpValues.TruthOfActivity, out labels);
            case Command.StartTask when _values.IsList(name):
                labels = ["no items", "1 item", "2 items"];
                return [_values.Items(name!, 0), _values.Items(name!, 1), _values.Items(name!, 2)];
            case Command.StartTask:
                labels = ["completes"];
                return [_values.ActivityResult(name)];
            case Command.SendHttp when _values.Has(name, "ok", "status"):
                labels = ["200", "404"];
                return [MadeUpValues.Reply(200), MadeUpValues.Reply(404)];
            case Command.SendHttp:
                labels = ["200"];
                return [MadeUpValues.Reply(200)];
            case Command.StartChild:
                labels = ["completes"];
                return [_values.Rows(1)];
        }
        var sql = ((Command.RunSql)open.Command).Sql;
        if (ConditionOf(open.Frame) is { } holder)
            return Truths(holder, ConstantSelect.Truth(sql), MadeUpValues.Truth, out labels);
        if (ConstantSelect.Evaluate(sql) is { } constant)
        {
            labels = ["its value"];
            return [constant];
        }
        if (_values.IsList(name))
        {
            labels = ["no rows", "1 row", "2 rows"];
            return [_values.Rows(0), _values.Rows(1), _values.Rows(2)];
        }
        labels = ["1 row"];
        List<StepResult> results = [_values.Rows(name, sql, 1)];
        if (!_values.IsUsed(name) || MadeUpValues.AlwaysHasRow(sql))
            return results;
        labels.Add("no rows");
        results.Add(_values.Rows(0));
        return results;
    }

    private static List<StepResult> Truths(Frame holder, bool? known, Func<bool, StepResult> result, out List<string> labels)
    {
        // Limits how often a loop repeats.
        if (known is null && holder.Node.Kind == NodeKind.Loop && holder.StateAs<LoopMemory>().Iteration > MaxRounds)
            known = false;
        bool[] truths = known is { } only ? [only] : [true, false];
        labels = [.. truths.Select(truth => truth ? "true" : "false")];
        return [.. truths.Select(result)];
    }

    /// <summary>Returns the IF or LOOP whose condition is the step, or null if there is none.</summary>
    private static Frame? ConditionOf(Frame frame)
    {
        for (var (child, parent) = (frame, frame.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent.Node.Condition == child.Node.Number && parent.Node.Kind is NodeKind.If or NodeKind.Loop)
                return parent;
            var isLast = parent.Node.Kind switch
            {
                NodeKind.Then => child.Node.Number == parent.Node.Right,
                NodeKind.Retry or NodeKind.Timeout or NodeKind.Undo or NodeKind.Try => child.Node.Number == parent.Node.Left,
                _ => false,
            };
            if (!isLast)
                return null;
        }
        return null;
    }

    /// <summary>Returns the name by which later steps refer to a step's result: its own, or that of a node whose last step it is.</summary>
    private string? NameOf(Node node)
    {
        for (var (child, parent) = (node, node.Parent); ; (child, parent) = (_state.Graph.Nodes[parent], _state.Graph.Nodes[parent].Parent))
        {
            if (child.ResultName is not null)
                return child.ResultName;
            if (parent < 0)
                return null;
            var above = _state.Graph.Nodes[parent];
            var passes = above.Kind switch
            {
                NodeKind.Then => child.Number == above.Right,
                NodeKind.If or NodeKind.Race => child.Number != above.Condition,
                NodeKind.Retry or NodeKind.Timeout or NodeKind.Undo => child.Number == above.Left,
                NodeKind.Try => child.Number == above.Left || child.Number == above.Right,
                _ => false,
            };
            if (!passes)
                return null;
        }
    }

    private static (Frame? Retry, int Attempt) RetryOf(Frame frame)
    {
        for (var (child, parent) = (frame, frame.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
            if (parent.Node.Kind == NodeKind.Retry)
                return (parent, RoundsAgain(parent, child) + 1);
        return (null, 1);
    }

    private static StepError FailureOf(OpenCommand open, Frame? retry)
    {
        var state = open.Command switch
        {
            Command.SendHttp => DurableErrorCodes.HttpFailed,
            Command.StartChild => DurableErrorCodes.Failed,
            Command.StartTask => DurableErrorCodes.ActivityFailed,
            _ => "P0001",
        };
        if (retry?.Node.Config is NodeConfig.Retry config)
        {
            var transient = open.Command switch
            {
                Command.SendHttp => DurableErrorCodes.HttpFailed,
                Command.StartTask => DurableErrorCodes.ActivityFailed,
                _ => "57P01",
            };
            var pattern = config.RetryOn is { } given ? given[0] : transient;
            state = pattern.Length == 5 ? pattern : pattern + "001";
        }
        return new StepError("made to fail", state, Sql: (open.Command as Command.RunSql)?.Sql)
        {
            IsRetryable = open.Command is Command.StartTask ? true : null,
        };
    }
}
