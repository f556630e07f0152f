namespace PgDurable.Worker.Store;

/// <summary>The database's clock as this process knows it: deadlines and the times of checkpoints are the database's, whatever this machine's clock says.</summary>
internal sealed class DatabaseClock(TimeProvider time)
{
    private const long TicksPerMicrosecond = 10;
    private long _offset;
    private long _last;

    /// <summary>Now, in whole microseconds as PostgreSQL stores it.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var ticks = time.GetUtcNow().UtcTicks + Interlocked.Read(ref _offset);
            // The offset is known to a round trip: a step must not end before it began. A clock that was really set back is believed.
            var last = Interlocked.Read(ref _last);
            if (ticks < last && last - ticks < TimeSpan.TicksPerSecond)
                ticks = last;
            else
                Interlocked.Exchange(ref _last, ticks);
            return new DateTimeOffset(ticks - ticks % TicksPerMicrosecond, TimeSpan.Zero);
        }
    }

    /// <summary>This machine's time, to be remembered before the database is asked for its own.</summary>
    public DateTimeOffset Local => time.GetUtcNow();

    /// <summary>Takes over what the database has said between <paramref name="asked"/> and now.</summary>
    public void Set(DateTimeOffset databaseNow, DateTimeOffset asked)
    {
        var least = databaseNow.UtcTicks - Local.UtcTicks;
        var most = databaseNow.UtcTicks - asked.UtcTicks;
        var known = Interlocked.Read(ref _offset);
        // Rather ahead than behind, by no more than the fastest answer took: the database says when a step begins, and this clock when it ends.
        if (known < least || known > most)
            Interlocked.Exchange(ref _offset, most);
    }
}
