using System.Globalization;

namespace PgDurable.Worker.Engine;

/// <summary>The undos of an instance, or of a TRY's body: those of its completed steps, in the order of their completion.</summary>
/// <remarks>
/// The order depends only on the entries, not on when they were added: recovery takes a loop's entries from its carried state, later than
/// entries that other branches recorded in the meantime. Steps that completed at the same moment are in the graph's order.
/// </remarks>
internal sealed class UndoStack
{
    private readonly List<UndoEntry> _entries = [];

    public IReadOnlyList<UndoEntry> Entries => _entries;

    public void Push(IEnumerable<UndoEntry> entries)
    {
        foreach (var entry in entries)
        {
            var index = _entries.Count;
            while (index > 0 && Compare(_entries[index - 1], entry) > 0)
                index--;
            _entries.Insert(index, entry);
        }
    }

    public void MoveTo(UndoStack outer)
    {
        outer.Push(_entries);
        _entries.Clear();
    }

    public void Clear() => _entries.Clear();

    public UndoEntry? Pop()
    {
        if (_entries.Count == 0)
            return null;
        var last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        return last;
    }

    /// <summary>The entries of a loop's iterations.</summary>
    public IEnumerable<UndoEntry> Under(Frame loop)
    {
        var prefix = Prefix(loop);
        return _entries.Where(entry => entry.Path.StartsWith(prefix, StringComparison.Ordinal));
    }

    public void RemoveUnder(Frame loop)
    {
        var prefix = Prefix(loop);
        _entries.RemoveAll(entry => entry.Path.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static string Prefix(Frame loop) =>
        FormattableString.Invariant($"{(loop.Path.Length == 0 ? "" : loop.Path + "/")}{loop.Node.Number}:");

    private static int Compare(UndoEntry left, UndoEntry right) =>
        left.At != right.At ? left.At.CompareTo(right.At) : Place(left).AsSpan().SequenceCompareTo(Place(right));

    private static int[] Place(UndoEntry entry) =>
    [
        .. entry.Path.Split(['/', ':'], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture)),
        entry.Node,
    ];
}
