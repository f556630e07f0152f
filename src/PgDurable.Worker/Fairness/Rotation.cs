using System.Diagnostics.CodeAnalysis;

namespace PgDurable.Worker.Fairness;

/// <summary>
/// Work that waits, by role and within a role by workflow. Roles take turns, and so do the workflows of each; a workflow's items are served
/// in the order in which they came. So however much one of them adds, the next item of the others comes just as soon. Not thread-safe.
/// </summary>
internal sealed class Rotation<T>
{
    private readonly Dictionary<uint, Lanes> _byRole = [];
    private readonly LinkedList<Lanes> _turns = [];

    /// <summary>The number of items that wait.</summary>
    public int Count { get; private set; }

    public void Add(uint role, string? workflow, T item)
    {
        if (!_byRole.TryGetValue(role, out var lanes))
        {
            _byRole.Add(role, lanes = new Lanes(role));
            _turns.AddLast(lanes.Turn);
        }
        lanes.Add(workflow ?? "", item);
        Count++;
    }

    /// <summary>Takes the next item of the next role that may have one.</summary>
    /// <param name="mayRole">Whether it is the turn of a role at all.</param>
    /// <param name="may">Whether an item may be taken now. If not, those behind it in its workflow wait too.</param>
    /// <param name="item">The piece.</param>
    public bool TryTake(Func<uint, bool> mayRole, Func<T, bool> may, [MaybeNullWhen(false)] out T item)
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            var lanes = turn.Value;
            if (!mayRole(lanes.Role) || !lanes.TryTake(may, out item))
                continue;
            Count--;
            _turns.Remove(turn);
            if (lanes.IsEmpty)
                _byRole.Remove(lanes.Role);
            else
                _turns.AddLast(turn);
            return true;
        }
        item = default;
        return false;
    }

    private sealed class Lanes
    {
        private readonly Dictionary<string, LinkedListNode<(string Workflow, Queue<T> Items)>> _byWorkflow = new(StringComparer.Ordinal);
        private readonly LinkedList<(string Workflow, Queue<T> Items)> _turns = [];

        public Lanes(uint role) => (Role, Turn) = (role, new LinkedListNode<Lanes>(this));

        public uint Role { get; }

        public LinkedListNode<Lanes> Turn { get; }

        public bool IsEmpty => _byWorkflow.Count == 0;

        public void Add(string workflow, T item)
        {
            if (!_byWorkflow.TryGetValue(workflow, out var lane))
                _byWorkflow.Add(workflow, lane = _turns.AddLast((workflow, new Queue<T>())));
            lane.Value.Items.Enqueue(item);
        }

        public bool TryTake(Func<T, bool> may, [MaybeNullWhen(false)] out T item)
        {
            for (var turn = _turns.First; turn is not null; turn = turn.Next)
            {
                var (workflow, items) = turn.Value;
                if (!may(items.Peek()))
                    continue;
                item = items.Dequeue();
                _turns.Remove(turn);
                if (items.Count == 0)
                    _byWorkflow.Remove(workflow);
                else
                    _turns.AddLast(turn);
                return true;
            }
            item = default;
            return false;
        }
    }
}
