namespace PgDurable.Testing.Paths;

/// <summary>The choices of a path, and from them those of the next one: depth first, the last choice changes first.</summary>
internal sealed class Choices
{
    private readonly List<(int Index, int Count)> _made = [];
    private int _next;

    /// <summary>Every combination has been there.</summary>
    public bool IsDone { get; private set; }

    public void Restart() => _next = 0;

    /// <summary>One of so many, from 0.</summary>
    public int Choose(int count)
    {
        if (count <= 1)
            return 0;
        if (_next == _made.Count)
            _made.Add((0, count));
        return _made[_next++].Index;
    }

    /// <summary>Goes to the choices of the next path; false when there is none.</summary>
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
