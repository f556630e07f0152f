namespace PgDurable.Cli.Check;

/// <summary>Where the parts of a prepared text come from in the step's SQL.</summary>
internal sealed class TextOrigin
{
    private readonly List<(int Start, int Source, bool IsCopy)> _parts = [];

    /// <summary>The position of the first reference that was replaced, or the largest number if there is none.</summary>
    public int FirstReplacement { get; private set; } = int.MaxValue;

    /// <summary>Text that was copied.</summary>
    public void AddCopy(int start, int source) => _parts.Add((start, source, true));

    /// <summary>Text that stands for a reference.</summary>
    public void AddReplacement(int start, int source)
    {
        _parts.Add((start, source, false));
        FirstReplacement = Math.Min(FirstReplacement, source);
    }

    /// <summary>Returns the position in the step's SQL: for a reference, its beginning.</summary>
    public int SourceOf(int position)
    {
        var (start, source, isCopy) = _parts.Last(part => part.Start <= position);
        return isCopy ? source + position - start : source;
    }
}
