namespace PgDurable.Worker.Store;

/// <summary>
/// The database's clock, as this process knows it. Deadlines and the times of checkpoints follow it, whatever this machine's clock says.
/// </summary>
internal sealed class DatabaseClock(TimeProvider time)
{
    private const long TicksPerMicrosecond = 10;
    private long _offset;
    private long _last;

    /// <summary>The current time in whole microseconds, as PostgreSQL stores it.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var ticks = time.GetUtcNow().UtcTicks + Interlocked.Read(ref _offset);
            // The offset is only known to within a round trip, but a step must not end before it began. If the clock really was set back,
            // that counts.
            var last = Interlocked.Read(ref _last);
            if (ticks < last && last - ticks < TimeSpan.TicksPerSecond)
                ticks = last;
            else
                Interlocked.Exchange(ref _last, ticks);
            return new DateTimeOffset(ticks - ticks % TicksPerMicrosecond, TimeSpan.Zero);
        }
    }

    /// <summary>This machine's time, to be read before the database is asked for its own.</summary>
    public DateTimeOffset Local => time.GetUtcNow();

    /// <summary>Takes over the time that the database has reported between <paramref name="asked"/> and now.</summary>
    public void Set(DateTimeOffset databaseNow, DateTimeOffset asked)
    {
        var least = databaseNow.UtcTicks - Local.UtcTicks;
        var most = databaseNow.UtcTicks - asked.UtcTicks;
        var known = Interlocked.Read(ref _offset);
        // Ahead rather than behind, by no more than the fastest answer took: the database says when a step begins, and this clock says when
        // it ends.
        if (known < least || known > most)
            Interlocked.Exchange(ref _offset, most);
    }
}
