namespace PgDurable.Worker.Fairness;

/// <summary>
/// How often to do something that is quick, unless an old snapshot makes it slow: then it takes a twentieth of the time, but happens every
/// few seconds at least.
/// </summary>
/// <param name="time">This machine's clock.</param>
/// <param name="pause">The pause while it is quick.</param>
internal sealed class Pace(TimeProvider time, TimeSpan pause)
{
    private const int Part = 20;

    // What takes longer steps over rows that PostgreSQL keeps.
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(5);

    // A worker that was frozen, or a server that was, took long only once. What it has not seen must not wait for that.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _shortest = pause;
    private TimeSpan _pause = pause;
    private long? _ended;

    /// <summary>Whether it is time for it.</summary>
    public bool IsTime => _ended is not { } ended || time.GetElapsedTime(ended) >= _pause;

    /// <summary>It has been done.</summary>
    /// <param name="began">When it began.</param>
    public void Done(long began)
    {
        var took = time.GetElapsedTime(began);
        _pause = took < Long ? _shortest : took < LongestPause / Part ? Part * took : LongestPause;
        _ended = time.GetTimestamp();
    }

    /// <summary>It would be useful at once, unless it is slow.</summary>
    public void Hurry()
    {
        if (_pause == _shortest)
            _ended = null;
    }
}
