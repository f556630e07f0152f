using System.Collections.Immutable;
using System.Text;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>
/// A random graph with random inputs in random order, recorded as the dispatcher records them: inputs get their numbers before the engine
/// takes them, and a carry is written after its input, under the input's number.
/// </summary>
internal class RandomHistory
{
    private readonly int _seed;
    private readonly Random _random;
    private readonly List<(Carry Carry, int Seq)> _carries = [];
    private int _seq;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected RandomHistory(int seed, bool hasPlainBreaks = false)
    {
        _seed = seed;
        _random = new Random(seed);
        Json = new RandomGraphs(_random, isDense: seed % 2 == 1) { HasPlainBreaks = hasPlainBreaks }.Tree(_random.Next(1, 6));
        Graph = WorkflowGraph.Parse(Json);
        Facts = new InstanceFacts(
            "i1", null, """[{"v":1},{"v":2}]""", ImmutableDictionary<string, string>.Empty, TimeSpan.FromSeconds(_random.Next(2)));
        Began = _now;
        Live = new WorkflowState(Graph, Facts) { Ends = [] };
        WorkflowEngine.Start(Live, Began);
        Note();
    }

    public string Json { get; }

    public WorkflowGraph Graph { get; }

    /// <summary>What happened, by names that tests look for.</summary>
    public HashSet<string> Seen { get; } = [];

    protected InstanceFacts Facts { get; }

    protected DateTimeOffset Began { get; }

    /// <summary>The state that took every input.</summary>
    protected WorkflowState Live { get; }

    /// <summary>All rows ever recorded.</summary>
    protected List<Row> All { get; } = [];

    /// <summary>The rows that carried iterations have left.</summary>
    protected List<Row> Kept { get; } = [];

    public void Go(int maxInputs)
    {
        Changed();
        while (Live.Outcome is null && All.Count < maxInputs)
        {
            Assert.NotEmpty(Live.InFlight);
            var batch = new List<Checkpoint>();
            var open = Live.InFlight.Values.Select(open => open.Command).ToList();
            for (var i = _random.Next(4) == 0 ? 2 : 1; i > 0 && open.Count > 0; i--)
            {
                var command = open[_random.Next(open.Count)];
                open.Remove(command);
                batch.Add(InputOf(command));
            }
            foreach (var input in batch)
            {
                Take(input);
                Changed();
            }
            foreach (var (carry, seq) in _carries)
                Record(new Row(seq, new Checkpoint(carry.Iteration, _now, carry.State, null, 1)), carry);
            _carries.Clear();
            Changed();
        }
        Ended();
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine($"seed {_seed}").AppendLine(Json);
        foreach (var row in All)
        {
            text.AppendLine(
                $"{row.Seq} {row.Execution.Node}@{row.Execution.Path} {row.Input.At:mm:ss.ffffff} {(Kept.Contains(row) ? "" : "gone ")}" +
                (row.Input.Result?.Json ?? row.Input.Error!.Message));
        }
        return text.ToString();
    }

    /// <summary>The engine has taken an input.</summary>
    protected virtual void Took(Checkpoint input, Decision decision) { }

    /// <summary>Rows and state are as a crash, or a reader, may find them.</summary>
    protected virtual void Changed() { }

    /// <summary>There are no more inputs.</summary>
    protected virtual void Ended() { }

    /// <summary>One moment in four, or so.</summary>
    protected bool Sometimes() => _random.Next(4) == 0;

    private void Take(Checkpoint input)
    {
        var command = Live.InFlight.GetValueOrDefault(input.Execution)?.Command;
        if (command is null)
            Seen.Add("late input");
        var carry = (command as Command.Wait)?.Carry;
        if (carry is not null)
            Seen.Add("paced carry");
        Record(new Row(++_seq, input), carry);

        var decision = WorkflowEngine.Advance(Live, input);
        Note();
        Took(input, decision);
        _carries.AddRange(decision.Carries.Select(emitted => (emitted, _seq)));
        if (decision.Carries.Length > 0)
            Seen.Add("carry");
        if (decision.Carries.Any(made => made.State.Json.Contains("failed_iterations", StringComparison.Ordinal)))
            Seen.Add("failed iteration");
    }

    private void Record(Row row, Carry? carry)
    {
        Assert.DoesNotContain(All, other => other.Execution == row.Execution);
        All.Add(row);
        if (carry is not null)
        {
            var path = carry.Iteration.Path;
            var gone = Kept.RemoveAll(other => other.Execution.Node >= carry.FirstNode && other.Execution.Node <= carry.LastNode
                && (other.Execution.Path == path || other.Execution.Path.StartsWith(path + "/", StringComparison.Ordinal)));
            if (gone > 0)
                Seen.Add("row gone");
            if (Kept.RemoveAll(other => other.Execution == new ExecutionKey(carry.Iteration.Node, carry.DropPath!)) > 0)
                Seen.Add("dropped");
        }
        Kept.Add(row);
    }

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
            case Command.StartTask when _random.Next(3) == 0:
                (result, error) = (null, new StepError("boom", _random.Next(2) == 0 ? "DF022" : "P0001") { IsRetryable = IsRetryable() });
                break;
            default:
                if (_random.Next(6) > 0)
                    break;
                (result, error) = (null, new StepError("boom", _random.Next(2) == 0 ? "40001" : "P0001"));
                break;
        }
        return new Checkpoint(command.Execution, _now, result, error, 1);
    }

    private bool? IsRetryable() => _random.Next(3) switch { 0 => true, 1 => false, _ => null };

    private StepResult Result() => _random.Next(5) switch
    {
        0 => Results.Bool(_random.Next(2) == 0),
        1 => Results.Json($$"""{"v":{{_random.Next(9)}}}"""),
        2 => Results.Json("[1,2,3]"),
        3 => Results.Rows([.. Enumerable.Range(0, _random.Next(4)).Select(_ => _random.Next(3))]),
        _ => Results.Row(_random.Next(2)),
    };

    private void Note()
    {
        foreach (var open in Live.InFlight.Values)
            for (var frame = open.Frame; frame is not null; frame = frame.Parent)
                Seen.Add(frame.Node.Kind.ToString());
        if (Live.Outcome is Outcome.Completed { Source: null })
            Seen.Add(nameof(NodeKind.Break));
    }

    protected sealed record Row(int Seq, Checkpoint Input)
    {
        public ExecutionKey Execution => Input.Execution;
    }
}
