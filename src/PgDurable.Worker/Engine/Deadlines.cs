namespace PgDurable.Worker.Engine;

/// <summary>Arithmetic on moments that does not run over the end of time.</summary>
internal static class Deadlines
{
    // PostgreSQL's timestamps go further, the worker's do not: a wait of many centuries is one for ever.
    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset After(DateTimeOffset at, double seconds) =>
        seconds >= (Latest - at).TotalSeconds ? Latest : at.AddTicks((long)(seconds * TimeSpan.TicksPerSecond) / 10 * 10);
}
