using System.Globalization;
using System.Text;
using PgDurable.Graph;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Engine.Nodes;

namespace PgDurable.Testing.Paths;

/// <summary>Runs one path: the engine, with chosen ends of steps and waits.</summary>
internal sealed partial class PathRun
{
    private const int MaxRounds = 2;
    private const int MaxInputs = 2000;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MadeUpValues _values;
    private readonly Choices _choices;
    private readonly int _maxFailures;
    private readonly WorkflowState _state;
    private readonly List<string> _chosen = [];
    private readonly List<string> _steps = [];
    private readonly StringBuilder _trace = new();
    private readonly Dictionary<ExecutionKey, int> _winners = [];
    private readonly Dictionary<ExecutionKey, bool> _inTime = [];
    private readonly HashSet<ExecutionKey> _hopeless = [];
    private DateTimeOffset _now = Start;
    private int _failures;
    private bool _isLeft;

    public PathRun(WorkflowGraph graph, InstanceFacts facts, MadeUpValues values, Choices choices, int maxFailures, HashSet<int> reached)
    {
        (_values, _choices, _maxFailures) = (values, choices, maxFailures);
        _state = new WorkflowState(graph, facts) { Begun = reached };
    }

    public WorkflowPath Go(int number)
    {
        WorkflowEngine.Start(_state, _now);
        for (var inputs = 0; _state.Outcome is null && !_isLeft; inputs++)
        {
            if (inputs == MaxInputs)
                _isLeft = true;
            else if (Next() is { } open)
                Take(open);
            else
                _isLeft = true;
        }
        var failed = _state.Outcome as Outcome.Failed;
        var origin = failed?.Origin is { } at ? _state.Graph.Nodes[at.Node] : null;
        return new WorkflowPath
        {
            Number = number,
            Choices = _chosen,
            Steps = _steps,
            Status = _isLeft ? WorkflowStatus.Running : failed is null ? WorkflowStatus.Completed : WorkflowStatus.Failed,
            Error = failed is null ? null : TestErrors.Of(failed.Error, origin),
            HasFailure = _failures > 0,
            EndsInUnhandledError = failed is not null && origin?.Kind != NodeKind.Fail,
            Trace = _trace.ToString(),
        };
    }

    /// <summary>
    /// Returns what ends next: first what takes no time, then what is due first. Skips everything in a branch that is to lose or to end too
    /// late.
    /// </summary>
    private OpenCommand? Next()
    {
        var open = _state.InFlight.Values.ToList();
        foreach (var command in open)
            DecideAbove(command.Frame);
        if (_isLeft)
            return null;
        var free = open.Where(command => !IsHeld(command)).ToList();
        if (free.Find(command => command.Command is Command.Wait { Kind: "TIMEOUT" }) is { } late)
            return late;
        if (free.Find(command => command.Command is not Command.Wait) is { } step)
            return step;
        if (free.Find(command => command.Command is Command.Wait { Signal: not null }) is { } signal)
            return signal;
        return free.Where(command => command.Command is Command.Wait).OrderBy(command => ((Command.Wait)command.Command).Until)
            .FirstOrDefault();
    }

    private void DecideAbove(Frame frame)
    {
        for (var (child, parent) = (frame, frame.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent.Node.Kind == NodeKind.Race && !_winners.ContainsKey(parent.Key))
            {
                var branches = _state.InFlight.Values.Select(open => BranchOf(open.Frame, parent)).Where(branch => branch >= 0).Distinct()
                    .ToList();
                var index = Choose(parent.Node, branches.Select(branch => $"branch {Branch(parent.Node, branch)} is first").ToArray());
                _winners.Add(parent.Key, branches[index]);
            }
            if (parent.Node.Kind != NodeKind.Loop)
                continue;
            var rounds = RoundsAgain(parent, child);
            // If a loop continues on failure, iterations that fail don't evaluate its condition.
            _isLeft |= parent.Node.Condition < 0 ? rounds == MaxRounds : rounds > MaxRounds && LoopRule.ContinuesOnFailure(parent);
        }
    }

    private bool IsHeld(OpenCommand open)
    {
        for (var (child, parent) = (open.Frame, open.Frame.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
            if (parent.Node.Kind == NodeKind.Race && _winners.TryGetValue(parent.Key, out var winner) && winner != child.Node.Number)
                return true;
        if (open.Command is not Command.Wait { Kind: "TIMEOUT" } wait)
            return false;
        if (!_inTime.TryGetValue(wait.Execution, out var isInTime))
            _inTime.Add(wait.Execution, isInTime = Choose(open.Frame.Node, "in time", "times out") == 0);
        return isInTime;
    }

    private void Take(OpenCommand open)
    {
        var node = open.Frame.Node;
        var (result, error) = EndOf(open);
        // A wait that is longer than the enclosing timeout never ends by itself.
        if (open.Command is Command.Wait { Until: { } until, WhenDue: var due } && result == due
            && EarlierTimeout(open.Frame, until) is { } timeout)
        {
            (open, node, until) = (timeout, timeout.Frame.Node, ((Command.Wait)timeout.Command).Until!.Value);
            (result, error) = (((Command.Wait)timeout.Command).WhenDue, null);
        }
        if (open.Command is Command.Wait wait && result == wait.WhenDue && wait.Until > _now)
            _now = wait.Until.Value;
        var place = open.Command.Execution.Path.Length == 0 ? "" : $" [{open.Command.Execution.Path}]";
        if (node.Kind is not (NodeKind.Loop or NodeKind.Retry))
            _steps.Add(StepNames.Of(node));
        var elapsed = (_now - Start).ToString("c", CultureInfo.InvariantCulture);
        _trace.Append(CultureInfo.InvariantCulture, $"{elapsed,-18}{StepNames.Of(node)}{place} ")
            .Append(error is null ? $"→ {RunLog.Short(result!.Json)}" : $"✗ {error.SqlState} {error.Message}").Append('\n');
        WorkflowEngine.Advance(_state, new Checkpoint(open.Command.Execution, _now, result, error, 1));
    }

    private OpenCommand? EarlierTimeout(Frame frame, DateTimeOffset until)
    {
        for (var above = frame.Parent; above is not null; above = above.Parent)
        {
            if (above.Node.Kind == NodeKind.Timeout && _state.InFlight.TryGetValue(above.Key, out var open)
                && open.Command is Command.Wait wait && wait.Until < until)
                return open;
        }
        return null;
    }

    private int Choose(Node node, params string[] options)
    {
        var index = _choices.Choose(options.Length);
        if (options.Length > 1)
            _chosen.Add($"{StepNames.Of(node)}: {options[index]}");
        return index;
    }

    private static int BranchOf(Frame frame, Frame race)
    {
        for (var child = frame; child.Parent is { } parent; child = parent)
            if (parent == race)
                return child.Node.Number;
        return -1;
    }

    private static int Branch(Node race, int number) => number == race.Left ? 1 : number == race.Right ? 2 : 3 + race.Extra.IndexOf(number);

    /// <summary>Returns how often a loop or retry has repeated.</summary>
    private static int RoundsAgain(Frame loop, Frame child)
    {
        var path = child.Path;
        var part = path.AsSpan(loop.Path.Length == 0 ? 0 : loop.Path.Length + 1);
        var end = part.IndexOf('/');
        if (end >= 0)
            part = part[..end];
        return int.Parse(part[(part.IndexOf(':') + 1)..], CultureInfo.InvariantCulture) - 1;
    }
}
