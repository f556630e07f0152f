namespace PgDurable.Worker.Dispatch;

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
            if (ticks < last && last - ticks < TimeSpan.TicksPerSecond) ticks = last;
            else Interlocked.Exchange(ref _last, ticks);
            return new DateTimeOffset(ticks - ticks % TicksPerMicrosecond, TimeSpan.Zero);
        }
    }

    /// <summary>Takes over what the database has just said.</summary>
    public void Set(DateTimeOffset databaseNow) => Interlocked.Exchange(ref _offset, databaseNow.UtcTicks - time.GetUtcNow().UtcTicks);
}
