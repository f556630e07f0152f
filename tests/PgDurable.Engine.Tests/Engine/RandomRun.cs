using System.Collections.Immutable;
using System.Text;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>
/// A random graph with random inputs in random order, recorded as the dispatcher records them: inputs get their numbers before the engine takes them, and a carry is written later
/// than its input, under that one's number. After each input, states that were recovered are held against the one that has lived through everything.
/// </summary>
internal sealed partial class RandomRun
{
    private readonly int _seed;
    private readonly Random _random;
    private readonly string _json;
    private readonly WorkflowGraph _graph;
    private readonly InstanceFacts _facts;
    private readonly List<Row> _all = [];
    private readonly List<Row> _kept = [];
    private readonly List<(Carry Carry, int Seq)> _carries = [];
    private readonly WorkflowState _live;
    private WorkflowState _withAll;
    private WorkflowState _withKept;
    private int _seq;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DateTimeOffset _began;

    public RandomRun(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _json = new RandomGraphs(_random, isDense: seed % 2 == 1).Tree(_random.Next(1, 6));
        _graph = WorkflowGraph.Parse(_json);
        _facts = new InstanceFacts(
            "i1", null, """[{"v":1},{"v":2}]""", ImmutableDictionary<string, string>.Empty, TimeSpan.FromSeconds(_random.Next(2)));
        _began = _now;
        _live = NewState();
        WorkflowEngine.Start(_live, _began);
        Note();
        _withAll = Recovered(_all);
        _withKept = Recovered(_kept);
    }

    public HashSet<string> Seen { get; } = [];

    public void Go(int maxInputs)
    {
        Compare();
        while (_live.Outcome is null && _all.Count < maxInputs)
        {
            Assert.NotEmpty(_live.InFlight);
            var batch = new List<Checkpoint>();
            var open = _live.InFlight.Values.Select(open => open.Command).ToList();
            for (var i = _random.Next(4) == 0 ? 2 : 1; i > 0 && open.Count > 0; i--)
            {
                var command = open[_random.Next(open.Count)];
                open.Remove(command);
                batch.Add(InputOf(command));
            }
            foreach (var input in batch)
            {
                Take(input);
                Compare();
            }
            foreach (var (carry, seq) in _carries)
                Record(new Row(seq, new Checkpoint(carry.Iteration, _now, carry.State, null, 1)), carry);
            _carries.Clear();
            Compare();
        }
        CheckOutcome();
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine($"seed {_seed}").AppendLine(_json);
        foreach (var row in _all)
            text.AppendLine($"{row.Seq} {Text(row.Execution)} {row.Input.At:mm:ss.ffffff} {(_kept.Contains(row) ? "" : "gone ")}{row.Input.Result?.Json ?? row.Input.Error!.Message}");
        return text.ToString();
    }

    private sealed record Row(int Seq, Checkpoint Input)
    {
        public ExecutionKey Execution => Input.Execution;
    }

    private void Take(Checkpoint input)
    {
        var command = _live.InFlight.GetValueOrDefault(input.Execution)?.Command;
        if (command is null)
            Seen.Add("late input");
        var carry = (command as Command.Wait)?.Carry;
        if (carry is not null)
            Seen.Add("paced carry");
        Record(new Row(++_seq, input), carry);

        var decision = WorkflowEngine.Advance(_live, input);
        Note();
        foreach (var follower in (WorkflowState[])[_withAll, _withKept])
            Same(Text(decision), Text(WorkflowEngine.Advance(follower, input)), "what follows from an input after recovery");
        _carries.AddRange(decision.Carries.Select(emitted => (emitted, _seq)));
        if (decision.Carries.Length > 0)
            Seen.Add("carry");
        if (decision.Carries.Any(made => made.State.Json.Contains("failed_iterations", StringComparison.Ordinal)))
            Seen.Add("failed iteration");
    }

    private void Record(Row row, Carry? carry)
    {
        Assert.DoesNotContain(_all, other => other.Execution == row.Execution);
        _all.Add(row);
        if (carry is not null)
        {
            var path = carry.Iteration.Path;
            var gone = _kept.RemoveAll(other => other.Execution.Node >= carry.FirstNode && other.Execution.Node <= carry.LastNode
                && (other.Execution.Path == path || other.Execution.Path.StartsWith(path + "/", StringComparison.Ordinal)));
            if (gone > 0)
                Seen.Add("row gone");
            if (_kept.RemoveAll(other => other.Execution == new ExecutionKey(carry.Iteration.Node, carry.DropPath!)) > 0)
                Seen.Add("dropped");
        }
        _kept.Add(row);
    }

    private void Compare()
    {
        var withAll = Recovered(_all);
        var withKept = Recovered(_kept);
        Same(Text(_live), Text(withAll), "recovery with all rows");
        Same(Text(_live), Text(withKept), "recovery with the rows that were kept");
        if (_random.Next(4) == 0)
            _withAll = withAll;
        if (_random.Next(4) == 0)
            _withKept = withKept;
    }

    private WorkflowState Recovered(List<Row> rows)
    {
        var state = NewState();
        var decision = WorkflowEngine.Recover(state, _began, [.. rows.OrderBy(row => row.Seq).Select(row => row.Input)]);
        Assert.Empty(decision.Stopped);
        Same(
            string.Join('\n', state.Outcome is null ? state.InFlight.Values.Select(open => Text(open.Command)) : []),
            string.Join('\n', decision.Commands.Select(Text)), "what recovery asks for");
        return state;
    }

    private WorkflowState NewState() => new(_graph, _facts);

    private Checkpoint InputOf(Command command)
    {
        _now += TimeSpan.FromMilliseconds(_random.Next(4) switch { 0 => 0, 1 => 0.001, 2 => 250, _ => 1500 });
        var result = Result();
        StepError? error = null;
        switch (command)
        {
            case Command.Refuse refuse:
                (result, error) = (null, refuse.Error);
                break;
            case Command.Wait { Signal: { } name, Until: var until } wait:
                result = until is null || _random.Next(2) == 0 ? WorkflowEngine.SignalResult(name, result.Json) : wait.WhenDue;
                break;
            case Command.Wait wait:
                if (wait.Until > _now)
                    _now = wait.Until.Value;
                result = wait.WhenDue;
                break;
            default:
                if (_random.Next(6) > 0)
                    break;
                (result, error) = (null, new StepError("boom", _random.Next(2) == 0 ? "40001" : "P0001"));
                break;
        }
        return new Checkpoint(command.Execution, _now, result, error, 1);
    }

    private StepResult Result() => _random.Next(5) switch
    {
        0 => Results.Bool(_random.Next(2) == 0),
        1 => Results.Json($$"""{"v":{{_random.Next(9)}}}"""),
        2 => Results.Json("[1,2,3]"),
        3 => Results.Rows([.. Enumerable.Range(0, _random.Next(4)).Select(_ => _random.Next(3))]),
        _ => Results.Row(_random.Next(2)),
    };

    private void CheckOutcome()
    {
        switch (_live.Outcome)
        {
            case null:
                Seen.Add("running");
                break;
            case Outcome.Completed completed:
                Seen.Add("completed");
                if (completed.Source is { } source)
                    Assert.Equal(completed.Result, Assert.Single(_kept, row => row.Execution == source).Input.Result);
                break;
            case Outcome.Failed failed:
                Seen.Add("failed");
                if (_live.HasUndone)
                    Seen.Add("undo");
                foreach (var step in failed.FailedSteps)
                    Assert.Single(_kept, row => row.Execution == step);
                if (failed.FailedSteps.Length > 0)
                    CheckRetry(failed);
                break;
        }
    }

    // What df.retry_instance does. A loser's late row may decide a race then, and so no step is left to run.
    private void CheckRetry(Outcome.Failed failed)
    {
        Seen.Add("retried");
        var state = NewState();
        WorkflowEngine.Recover(
            state, _began, [.. _kept.Where(row => !failed.FailedSteps.Contains(row.Execution)).OrderBy(row => row.Seq).Select(row => row.Input)]);
        if (Seen.Contains("late input"))
            return;
        Assert.Null(state.Outcome);
        foreach (var step in failed.FailedSteps)
            Assert.Contains(step, state.InFlight.Keys);
    }

    private void Note()
    {
        foreach (var open in _live.InFlight.Values)
            for (var frame = open.Frame; frame is not null; frame = frame.Parent)
                Seen.Add(frame.Node.Kind.ToString());
        if (_live.Outcome is Outcome.Completed { Source: null })
            Seen.Add(nameof(NodeKind.Break));
    }

    private static void Same(string expected, string actual, string what)
    {
        if (expected != actual)
            Assert.Fail($"{what}: expected\n{expected}\nbut was\n{actual}");
    }
}
