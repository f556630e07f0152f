namespace PgDurable.Testing.Paths;

/// <summary>The choices of a path. It enumerates all paths depth first: the last choice changes first.</summary>
internal sealed class Choices
{
    private readonly List<(int Index, int Count)> _made = [];
    private int _next;

    /// <summary>Whether all combinations have been enumerated.</summary>
    public bool IsDone { get; private set; }

    public void Restart() => _next = 0;

    /// <summary>Returns the choice among this many options, starting at 0.</summary>
    public int Choose(int count)
    {
        if (count <= 1)
            return 0;
        if (_next == _made.Count)
            _made.Add((0, count));
        return _made[_next++].Index;
    }

    /// <summary>Advances to the choices of the next path. Returns false if there is none.</summary>
    public bool MoveNext()
    {
        while (_made.Count > 0)
        {
            var (index, count) = _made[^1];
            _made.RemoveAt(_made.Count - 1);
            if (index + 1 >= count)
                continue;
            _made.Add((index + 1, count));
            return true;
        }
        IsDone = true;
        return false;
    }
}
