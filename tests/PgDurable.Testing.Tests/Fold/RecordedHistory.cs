using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Tests.Fold;

/// <summary>A random history, moment by moment.</summary>
internal sealed class RecordedHistory : RandomHistory
{
    private readonly HashSet<ExecutionKey> _begun = [];
    private readonly List<Row> _written = [];

    public RecordedHistory(int seed, int maxInputs) : base(seed, hasPlainBreaks: true) => Go(maxInputs);

    public List<Moment> Moments { get; } = [];

    protected override void Changed()
    {
        // Nothing is recorded after the end.
        if (Moments is [.., { Outcome: not null }])
            return;
        var open = new HashSet<ExecutionKey>();
        var forEachs = new List<Frame>();
        foreach (var command in Live.InFlight.Values)
            for (var frame = command.Frame; frame is not null; frame = frame.Parent)
            {
                open.Add(frame.Key);
                if (frame.Node.Kind == NodeKind.ForEach)
                    forEachs.Add(frame);
            }
        _begun.UnionWith(open);

        Moments.Add(new Moment(
            [.. _written.Except(Kept).Select(row => row.Execution)],
            [.. Kept.Except(_written).Select(row => new Record(row.Seq, row.Input))],
            new Dictionary<ExecutionKey, End>(Live.Ends!),
            open,
            [.. Live.InFlight.Values.Where(command => command.Command is Command.Refuse).Select(command => command.Frame)],
            forEachs,
            _begun.Where(key => !open.Contains(key) && !Live.Ends!.ContainsKey(key)).ToHashSet(),
            Live.Outcome));
        _written.Clear();
        _written.AddRange(Kept);
    }
}
