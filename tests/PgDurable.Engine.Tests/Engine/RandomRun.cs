using System.Text;

namespace PgDurable.Worker.Engine;

/// <summary>
/// Compares, after each input of a random history, recovered states with the state that took every input.
/// </summary>
internal sealed class RandomRun : RandomHistory
{
    private WorkflowState _withAll;
    private WorkflowState _withKept;

    public RandomRun(int seed) : base(seed)
    {
        _withAll = Recovered(All);
        _withKept = Recovered(Kept);
    }

    protected override void Took(Checkpoint input, Decision decision)
    {
        foreach (var follower in (WorkflowState[])[_withAll, _withKept])
            Same(Text(decision), Text(WorkflowEngine.Advance(follower, input)), "what follows from an input after recovery");
    }

    protected override void Changed()
    {
        var withAll = Recovered(All);
        var withKept = Recovered(Kept);
        Same(Text(Live), Text(withAll), "recovery with all rows");
        Same(Text(Live), Text(withKept), "recovery with the rows that were kept");
        if (Sometimes())
            _withAll = withAll;
        if (Sometimes())
            _withKept = withKept;
    }

    private WorkflowState Recovered(List<Row> rows)
    {
        var state = NewState();
        var decision = WorkflowEngine.Recover(state, Began, [.. rows.OrderBy(row => row.Seq).Select(row => row.Input)]);
        Assert.Empty(decision.Stopped);
        Same(
            string.Join('\n', state.Outcome is null ? state.InFlight.Values.Select(open => Text(open.Command)) : []),
            string.Join('\n', decision.Commands.Select(Text)), "what recovery asks for");
        return state;
    }

    private WorkflowState NewState() => new(Graph, Facts);

    protected override void Ended()
    {
        switch (Live.Outcome)
        {
            case null:
                Seen.Add("running");
                break;
            case Outcome.Completed completed:
                Seen.Add("completed");
                if (completed.Source is { } source)
                    Assert.Equal(completed.Result, Assert.Single(Kept, row => row.Execution == source).Input.Result);
                break;
            case Outcome.Failed failed:
                Seen.Add("failed");
                if (Live.HasUndone)
                    Seen.Add("undo");
                foreach (var step in failed.FailedSteps)
                    Assert.Single(Kept, row => row.Execution == step);
                if (failed.FailedSteps.Length > 0)
                    CheckRetry(failed);
                break;
        }
    }

    // As df.retry_instance does. A loser's late row may then decide a race, so that no step is left to run.
    private void CheckRetry(Outcome.Failed failed)
    {
        Seen.Add("retried");
        var state = NewState();
        WorkflowEngine.Recover(
            state,
            Began,
            [.. Kept.Where(row => !failed.FailedSteps.Contains(row.Execution)).OrderBy(row => row.Seq).Select(row => row.Input)]);
        if (Seen.Contains("late input"))
            return;
        Assert.Null(state.Outcome);
        foreach (var step in failed.FailedSteps)
            Assert.Contains(step, state.InFlight.Keys);
    }

    private static void Same(string expected, string actual, string what)
    {
        if (expected != actual)
            Assert.Fail($"{what}: expected\n{expected}\nbut was\n{actual}");
    }

    private static string Text(WorkflowState state)
    {
        if (state.Outcome is not null)
            return Text(state.Outcome);
        var text = new StringBuilder();
        foreach (var line in state.InFlight.Values.Select(open => Text(open.Command)).Order(StringComparer.Ordinal))
            text.AppendLine(line);
        foreach (var (name, result) in state.Root.Names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.AppendLine($"{name} = {result.Json}");
        foreach (var undo in state.Undos.Entries)
        {
            text.Append($"undo {undo.Node}@{undo.Path}");
            foreach (var (name, result) in undo.Names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                text.Append($" {name} = {result.Json}");
            text.AppendLine();
        }
        return text.ToString();
    }

    private static string Text(Decision decision) => decision.Outcome is { } outcome
        ? Text(outcome)
        : string.Join('\n', decision.Commands.Select(Text)) + "\nstopped "
            + string.Join(' ', decision.Stopped.Select(Text).Order(StringComparer.Ordinal)) + "\ncarried "
            + string.Join('\n', decision.Carries.Select(Text));

    private static string Text(Outcome outcome) => outcome switch
    {
        Outcome.Completed completed => $"completed {(completed.Source is { } source ? Text(source) : "")} {completed.Result.Json}",
        Outcome.Failed failed => $"failed {(failed.Origin is { } origin ? Text(origin) : "")} {failed.Error} "
            + string.Join(' ', failed.FailedSteps.Select(Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static string Text(Command command) => command switch
    {
        Command.RunSql sql => $"{Text(sql.Execution)} {sql.Sql}",
        Command.SendHttp http => $"{Text(http.Execution)} {http.Call.Url} {http.Call.Body}",
        Command.Wait wait => $"{Text(wait.Execution)} {wait.Kind} {wait.Until:O} {wait.Signal} {wait.WhenDue.Json}"
            + (wait.Carry is { } carry ? Text(carry) : ""),
        Command.StartChild child => $"{Text(child.Execution)} {child.InputJson}",
        Command.StartTask task => $"{Text(task.Execution)} {task.InputJson} {task.Attempt} {task.Deadline:O}",
        Command.Refuse refuse => $"{Text(refuse.Execution)} {refuse.Error}",
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private static string Text(Carry carry) =>
        $"{Text(carry.Iteration)} {carry.FirstNode}-{carry.LastNode} {carry.DropPath} {carry.State.Json}";

    private static string Text(ExecutionKey key) => $"{key.Node}@{key.Path}";
}
