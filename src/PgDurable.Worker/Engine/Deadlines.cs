namespace PgDurable.Worker.Engine;

/// <summary>Arithmetic on moments that doesn't overflow.</summary>
internal static class Deadlines
{
    // PostgreSQL's timestamps go further than the worker's: a wait of many centuries never ends.
    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset After(DateTimeOffset at, double seconds) =>
        seconds >= (Latest - at).TotalSeconds ? Latest : at.AddTicks((long)(seconds * TimeSpan.TicksPerSecond) / 10 * 10);
}
