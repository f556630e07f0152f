using System.Collections.Immutable;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>
/// An instance run by the engine, with the test as its dispatcher. A command's name is its SQL text, or <c>SLEEP</c>, <c>SIGNAL go</c>,
/// <c>CALL flow</c>, <c>ACTIVITY work</c>, <c>GET url</c>, followed by <c>@path</c> if the same command is open more than once. Whatever
/// the engine refuses is fed back at once.
/// </summary>
internal sealed class EngineRun
{
    public static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Checkpoint> _inputs = [];

    public EngineRun(string graph, string? input = null, TimeSpan? minLoopInterval = null, params (string Name, string Value)[] variables)
    {
        Graph = WorkflowGraph.Parse(graph);
        Facts = new InstanceFacts(
            "i1", "label", input, variables.ToImmutableDictionary(variable => variable.Name, variable => variable.Value),
            minLoopInterval ?? TimeSpan.Zero);
        State = new WorkflowState(Graph, Facts);
        Now = Began;
        Take(WorkflowEngine.Start(State, Now));
    }

    public WorkflowGraph Graph { get; }

    public InstanceFacts Facts { get; }

    public WorkflowState State { get; }

    public DateTimeOffset Now { get; set; }

    /// <summary>All inputs so far.</summary>
    public IReadOnlyList<Checkpoint> Inputs => _inputs;

    /// <summary>The commands that the last input led to.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>What the last input stopped, as <c>node@path</c>.</summary>
    public List<string> Stopped { get; } = [];

    public List<Carry> Carries { get; } = [];

    public List<StepError> Refused { get; } = [];

    public Outcome? Outcome => State.Outcome;

    /// <summary>Everything in flight.</summary>
    public IEnumerable<string> Open => State.InFlight.Values.Select(open => Name(open.Command));

    public string Result => Assert.IsType<Outcome.Completed>(Outcome).Result.Json;

    public ExecutionKey? Source => Assert.IsType<Outcome.Completed>(Outcome).Source;

    public Outcome.Failed Failure => Assert.IsType<Outcome.Failed>(Outcome);

    /// <summary>What would run again, as <c>node@path</c>.</summary>
    public IEnumerable<string> FailedSteps => Failure.FailedSteps.Select(Name);

    public void Complete(string command, StepResult? result = null) => Feed(Find(command).Execution, result ?? Results.Row(1), null);

    public void Fail(
        string command, string message = "boom", string sqlState = "P0001", int attempt = 1, bool? isRetryable = null) =>
        Feed(Find(command).Execution, null, new StepError(message, sqlState) { IsRetryable = isRetryable }, attempt);

    /// <summary>Moves the time to the end of a wait.</summary>
    public void Elapse(string wait)
    {
        var open = Wait(wait);
        if (open.Until > Now)
            Now = open.Until.Value;
        Feed(open.Execution, open.WhenDue, null);
    }

    public void Send(string signal, string dataJson) =>
        Feed(Find($"SIGNAL {signal}").Execution, WorkflowEngine.SignalResult(signal, dataJson), null);

    public Command.Wait Wait(string wait) => Assert.IsType<Command.Wait>(Find(wait));

    /// <summary>How long an open wait takes.</summary>
    public TimeSpan Pause(string wait) => Wait(wait).Until!.Value - Now;

    public Command Find(string command)
    {
        var found = State.InFlight.Values.Select(open => open.Command)
            .Where(open => Name(open) == command || $"{Name(open)}@{open.Execution.Path}" == command).ToList();
        return found.Count == 1
            ? found[0]
            : throw new ArgumentException($"{found.Count} open commands are {command}: {string.Join(", ", Open)}", nameof(command));
    }

    /// <summary>Hands the engine any input, even one that it doesn't wait for.</summary>
    public void Feed(ExecutionKey execution, StepResult? result, StepError? error, int attempt = 1)
    {
        Clear();
        Advance(new Checkpoint(execution, Now, result, error, attempt));
    }

    public static string Name(Command command) => command switch
    {
        Command.RunSql sql => sql.Sql,
        Command.SendHttp http => $"{http.Call.Method} {http.Call.Url}",
        Command.Wait { Signal: { } signal } => $"SIGNAL {signal}",
        Command.Wait wait => wait.Kind,
        Command.StartChild child => $"CALL {child.Workflow}",
        Command.StartTask task => $"ACTIVITY {task.Name}",
        Command.Refuse refuse => $"refused {refuse.Error.Message}",
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private string Name(ExecutionKey key) => $"{Graph.Nodes[key.Node].Name}@{key.Path}";

    private void Advance(Checkpoint input)
    {
        _inputs.Add(input);
        Take(WorkflowEngine.Advance(State, input));
    }

    private void Take(Decision decision)
    {
        Assert.Equal(State.Outcome, decision.Outcome);
        Stopped.AddRange(decision.Stopped.Select(Name));
        Carries.AddRange(decision.Carries);
        foreach (var command in decision.Commands)
            if (command is not Command.Refuse)
                Commands.Add(Name(command));
        foreach (var refuse in decision.Commands.OfType<Command.Refuse>())
        {
            Refused.Add(refuse.Error);
            Advance(new Checkpoint(refuse.Execution, Now, null, refuse.Error, 1));
        }
    }

    private void Clear()
    {
        Commands.Clear();
        Stopped.Clear();
        Carries.Clear();
        Refused.Clear();
    }
}
