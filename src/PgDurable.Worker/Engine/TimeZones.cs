namespace PgDurable.Worker.Engine;

/// <summary>Time zones by their IANA names.</summary>
internal static class TimeZones
{
    /// <param name="name">The name; null means UTC.</param>
    /// <exception cref="FormatException">This machine doesn't know the time zone.</exception>
    public static TimeZoneInfo Find(string? name)
    {
        if (name is null)
            return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new FormatException($"time zone '{name}' is not known to the worker's machine");
    }
}
