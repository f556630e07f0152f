namespace PgDurable;

/// <summary>Timestamps in the future.</summary>
internal static class Clock
{
    /// <summary>The timestamp of the clock after this time.</summary>
    public static long After(TimeProvider time, TimeSpan span) =>
        time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>How long it is until a timestamp; negative if it has passed.</summary>
    public static TimeSpan Until(TimeProvider time, long timestamp) => time.GetElapsedTime(time.GetTimestamp(), timestamp);
}
