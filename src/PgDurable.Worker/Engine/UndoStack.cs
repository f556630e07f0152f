namespace PgDurable.Worker.Engine;

/// <summary>The undos of an instance, or of a TRY's body: those of its completed steps, in the order of their completion.</summary>
internal sealed class UndoStack
{
    public List<UndoEntry> Entries { get; } = [];

    public UndoEntry? Pop()
    {
        if (Entries.Count == 0) return null;
        var last = Entries[^1];
        Entries.RemoveAt(Entries.Count - 1);
        return last;
    }
}
