namespace PgDurable.Worker.Engine;

/// <summary>Time zones by their IANA names.</summary>
internal static class TimeZones
{
    /// <param name="name">The name; NULL is UTC.</param>
    /// <exception cref="FormatException">There is no such time zone on this machine.</exception>
    public static TimeZoneInfo Find(string? name)
    {
        if (name is null)
            return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new FormatException($"time zone '{name}' is not known to the worker's machine");
    }
}
