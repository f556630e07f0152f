using System.Globalization;
using PgDurable.Graph;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Replay;

/// <summary>
/// Runs two graphs, the recorded and the current one, side by side through the same history. It compares the commands that each graph
/// issues, and feeds the recorded results to both. Node numbers may have changed, so executions are matched by their commands.
/// </summary>
internal sealed class Comparison
{
    private readonly RecordedRun _run;
    private readonly WorkflowState _then;
    private readonly WorkflowState _now;
    private readonly Dictionary<ExecutionKey, ExecutionKey> _match = [];

    public Comparison(RecordedRun run, WorkflowGraph now)
    {
        _run = run;
        (_then, _now) = (new WorkflowState(run.Graph, run.Facts), new WorkflowState(now, run.Facts));
    }

    public ReplayReport Run()
    {
        try
        {
            Match(WorkflowEngine.Start(_then, _run.StartedAt), WorkflowEngine.Start(_now, _run.StartedAt));
            foreach (var recorded in _run.Inputs)
                Take(recorded.Input);
            CompareEnds();
        }
        catch (Difference difference)
        {
            return new ReplayReport(false, difference.Message, difference.Node);
        }
        return new ReplayReport(
            true, string.Create(CultureInfo.InvariantCulture,
                $"The definition is compatible with the history: all {_run.Inputs.Count} steps match."));
    }

    private void Take(Checkpoint input)
    {
        if (!_then.InFlight.ContainsKey(input.Execution))
        {
            if (OfLoop(input) is { } loop)
                Match(WorkflowEngine.Advance(_then, input), WorkflowEngine.Advance(_now, input with { Execution = loop }));
            return; // recorded late, when nothing waited for it anymore
        }
        var key = _match[input.Execution];
        var command = _then.InFlight[input.Execution].Command;
        if (!_now.InFlight.TryGetValue(key, out var open))
        {
            var node = Node(_then, command);
            throw new Difference(
                $"Node {node.Number} {Describe(node)} ended here in the history, but the definition no longer waits for it.", node.Number);
        }
        CompareWait(input, command, open.Command);
        _match.Remove(input.Execution);
        var then = WorkflowEngine.Advance(_then, input);
        Match(then, WorkflowEngine.Advance(_now, input with { Execution = key }));
    }

    private void Match(Decision then, Decision now)
    {
        foreach (var stopped in then.Stopped)
            _match.Remove(stopped);
        var (before, after) = (then.Commands, now.Commands);
        for (var i = 0; i < Math.Max(before.Length, after.Length); i++)
        {
            var (old, @new) = (i < before.Length ? before[i] : null, i < after.Length ? after[i] : null);
            if (old is not null && @new is not null && CommandText.Of(old) == CommandText.Of(@new))
                _match[old.Execution] = @new.Execution;
            else
                throw Different(old, @new);
        }
        if ((then.Outcome, now.Outcome) is ({ } end, null))
            throw new Difference($"The recorded workflow ended here ({End(end)}), but the definition continues{Waiting()}.", null);
        if ((then.Outcome, now.Outcome) is (null, { } early))
            throw new Difference($"The definition ends here ({End(early)}), but the recorded workflow continued.", null);
    }

    private Difference Different(Command? old, Command? @new)
    {
        var (then, now) = (old is null ? null : Node(_then, old), @new is null ? null : Node(_now, @new));
        if (old is null)
            return new Difference(
                $"Node {now!.Number} {Describe(now)} is added: the definition starts it here, but the history doesn't.{Text("now", @new)}",
                null);
        if (@new is null)
            return new Difference(
                $"Node {then!.Number} {Describe(then)} is missing: the history starts it here, but the definition doesn't." +
                Text("recorded", old),
                then.Number);

        var wasThere = Exists(_run.Graph, now!);
        var isThere = Exists(_now.Graph, then!);
        var (texts, head) = ($"{Text("recorded", old)}{Text("now", @new)}", $"Node {then!.Number} {Describe(then)}");
        var message = (wasThere, isThere) switch
        {
            _ when SameText(then, now!) => $"{head}: its values differ.{texts}",
            (true, true) => $"{head}: the order differs. Node {now!.Number} {Describe(now)} now comes here.{texts}",
            (false, true) =>
                $"Node {now!.Number} {Describe(now)} is added before node {then.Number} {Describe(then)} of the history."
                + Text("now", @new),
            (true, false) => $"{head} is missing. Node {now!.Number} {Describe(now)} now comes here.{Text("recorded", old)}",
            _ when then.Kind != now!.Kind =>
                $"Node {then.Number} was {NodeKinds.Name(then.Kind)}, but is now {NodeKinds.Name(now.Kind)}.{texts}",
            _ => $"{head}: {What(then)} has changed.{texts}",
        };
        return new Difference(message, then.Number);
    }

    private void CompareWait(Checkpoint input, Command then, Command now)
    {
        if (then is not Command.Wait before || now is not Command.Wait after || input.Result is null)
            return;
        var node = Node(_then, then);
        // A wait that ends by time has a result that says how long it was. A signal may arrive too late for a shorter deadline.
        var byTime = before.WhenDue.Json == input.Result.Json;
        if (byTime && (before.Until != after.Until || before.WhenDue.Json != after.WhenDue.Json) && before.Kind != "LOOP")
            throw new Difference(
                $"Node {node.Number} {Describe(node)}: it waited until {Moment(before.Until)}, but now waits until {Moment(after.Until)}.",
                node.Number);
        if (!byTime && after.Until < input.At)
            throw new Difference(
                $"Node {node.Number} {Describe(node)}: the signal arrived at {Moment(input.At)}, which is too late now: the wait ends at " +
                $"{Moment(after.Until)}.",
                node.Number);
    }

    private void CompareEnds()
    {
        if (_run.Status == "completed" && _then.Outcome is Outcome.Completed old && _now.Outcome is Outcome.Completed @new
            && old.Result.Json != @new.Result.Json)
        {
            throw new Difference(
                $"The result differs: it was {RunLog.Short(old.Result.Json)}, but is now {RunLog.Short(@new.Result.Json)}.", null);
        }
    }

    /// <summary>Returns the current graph's loop that a carried iteration belongs to.</summary>
    private ExecutionKey? OfLoop(Checkpoint input)
    {
        var path = input.Execution.Path;
        var (slash, colon) = (path.LastIndexOf('/'), path.LastIndexOf(':'));
        if (colon < 0 || _run.Graph.Nodes[input.Execution.Node].Kind != NodeKind.Loop)
            return null;
        var loop = input.Execution with { Path = slash < 0 ? "" : path[..slash] };
        foreach (var (key, open) in _then.InFlight)
        {
            var above = Loops(open.Frame).ToList();
            if (above.FindIndex(frame => frame.Key == loop) is >= 0 and var depth && _match.TryGetValue(key, out var matched))
            {
                var frame = Loops(_now.InFlight[matched].Frame).ElementAt(depth);
                return new ExecutionKey(frame.Node.Number, frame.PathOf(int.Parse(path.AsSpan(colon + 1), CultureInfo.InvariantCulture)));
            }
        }
        return null;
    }

    private static IEnumerable<Frame> Loops(Frame frame)
    {
        for (var above = frame; above is not null; above = above.Parent)
            if (above.Node.Kind == NodeKind.Loop)
                yield return above;
    }

    private string Waiting() => _now.InFlight.Count == 0 ? ""
        : $" with node {_now.InFlight.Keys.First().Node} {Describe(_now.Graph.Nodes[_now.InFlight.Keys.First().Node])}";

    private static Node Node(WorkflowState state, Command command) => state.Graph.Nodes[command.Execution.Node];

    private static bool Exists(WorkflowGraph graph, Node node) =>
        graph.Nodes.Any(other => other.Kind == node.Kind && other.Query == node.Query && other.ResultName == node.ResultName);

    private static bool SameText(Node one, Node other) => one.Kind == other.Kind && one.Query == other.Query;

    private static string What(Node node) => node.Kind switch
    {
        NodeKind.Sql => "the statement",
        NodeKind.Activity => "the activity",
        _ => "the request",
    };

    private static string Describe(Node node) => $"'{StepNames.Of(node)}'";

    private static string Moment(DateTimeOffset? moment) =>
        moment is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "forever";

    private static string End(Outcome outcome) => outcome is Outcome.Failed failed ? $"failed with {failed.Error.SqlState}" : "completed";

    private static string Text(string when, Command? command) =>
        command is null ? "" : $"\n  {when}: {RunLog.Short(CommandText.Of(command))}";

    private sealed class Difference(string message, int? node) : Exception(message)
    {
        public int? Node => node;
    }
}
