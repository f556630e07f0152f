using System.Collections.Immutable;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>An instance whose inputs come as they come, and the rows that the database keeps of them.</summary>
internal sealed class RandomRun
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<ExecutionKey, Command> _open = [];
    private readonly string _graph;
    private readonly string? _input;

    public RandomRun(string graph, string? input = null)
    {
        (_graph, _input) = (graph, input);
        State = NewState();
        Take(WorkflowEngine.Start(State, Noon));
    }

    public WorkflowState State { get; }

    public DateTimeOffset Now { get; private set; } = Noon;

    public Outcome? Outcome { get; private set; }

    /// <summary>Every input so far, as it was.</summary>
    public List<Checkpoint> Inputs { get; } = [];

    /// <summary>What the database keeps of them: iterations that were carried over are gone.</summary>
    public List<Checkpoint> Kept { get; } = [];

    public IReadOnlyList<Command> Open => [.. _open.Values.OrderBy(command => command.Execution.Node).ThenBy(command => command.Execution.Path, StringComparer.Ordinal)];

    public RandomRun Complete(Command command, StepResult result) => Feed(command, new Checkpoint(command.Execution, Now, result, null, 1));

    public RandomRun Fail(Command command, string state = "22012", string message = "boom") =>
        Feed(command, new Checkpoint(command.Execution, Now, null, new StepError(message, state), 1));

    public RandomRun Elapse(Command.Wait wait)
    {
        if (wait.Until > Now) Now = wait.Until.Value;
        return Feed(wait, new Checkpoint(wait.Execution, Now, wait.WhenDue, null, 1), wait.Carry);
    }

    public RandomRun Signal(string name, string data = "null")
    {
        var wait = Open.OfType<Command.Wait>().First(open => open.Signal == name);
        return Complete(wait, WorkflowEngine.SignalResult(name, data));
    }

    public void Pass(TimeSpan time) => Now += time;

    /// <summary>A new state, brought to where this one is by what was recorded.</summary>
    public (WorkflowState State, Decision Decision) Recover(IReadOnlyList<Checkpoint> recorded)
    {
        var state = NewState();
        return (state, WorkflowEngine.Recover(state, Noon, recorded));
    }

    /// <summary>What is open, and how it ended, for comparison.</summary>
    public static string Describe(IEnumerable<Command> commands, Outcome? outcome) =>
        string.Join('\n', commands.Select(Describe).Order(StringComparer.Ordinal)) + "\n" + outcome switch
        {
            Outcome.Completed completed => $"completed {completed.Source} {completed.Result.Json}",
            Outcome.Failed failed => $"failed {failed.Origin} {failed.Error} {string.Join(' ', failed.FailedSteps)}",
            _ => "",
        };

    private static string Describe(Command command) => command switch
    {
        Command.SendHttp http => $"{http.Execution} {http.Call.Kind} {http.Call.Url} {http.Call.Body}",
        _ => command.ToString()!,
    };

    private RandomRun Feed(Command command, Checkpoint input, Carry? carry = null)
    {
        _open.Remove(command.Execution);
        Record(input);
        Inputs.Add(input);
        if (carry is not null) Forget(carry);
        Take(WorkflowEngine.Advance(State, input));
        return this;
    }

    private void Take(Decision decision)
    {
        foreach (var stopped in decision.Stopped)
            _open.Remove(stopped);
        foreach (var carry in decision.Carries)
        {
            Record(new Checkpoint(carry.Iteration, Now, carry.State, null, 1));
            Forget(carry);
        }
        Outcome = decision.Outcome;
        if (Outcome is not null) _open.Clear();
        foreach (var command in decision.Commands) _open.Add(command.Execution, command);
        // What the engine refuses is recorded, and then it counts.
        if (decision.Commands.OfType<Command.Refuse>().FirstOrDefault() is { } refuse)
            Feed(refuse, new Checkpoint(refuse.Execution, Now, null, refuse.Error, 1));
        while (_open.Values.OfType<Command.Refuse>().FirstOrDefault() is { } other)
            Feed(other, new Checkpoint(other.Execution, Now, null, other.Error, 1));
    }

    private void Record(Checkpoint row)
    {
        Assert.DoesNotContain(Kept, kept => kept.Execution == row.Execution); // the table's key
        Kept.Add(row);
    }

    private void Forget(Carry carry)
    {
        var path = carry.Iteration.Path;
        Kept.RemoveAll(row => row.Execution.Node >= carry.FirstNode && row.Execution.Node <= carry.LastNode
            && (row.Execution.Path == path || row.Execution.Path.StartsWith(path + "/", StringComparison.Ordinal)));
        if (carry.DropPath is not null) Kept.RemoveAll(row => row.Execution == new ExecutionKey(carry.Iteration.Node, carry.DropPath));
    }

    private WorkflowState NewState() => new(WorkflowGraph.Parse(_graph),
        new InstanceFacts("0a1b2c3d", "label", _input, ImmutableDictionary<string, string>.Empty.Add("region", "eu"), TimeSpan.FromSeconds(1)));
}
