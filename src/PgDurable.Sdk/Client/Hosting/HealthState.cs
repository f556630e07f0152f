using Npgsql;

namespace PgDurable;

/// <summary>The result of <c>df.health()</c>.</summary>
/// <param name="Version">The schema's version.</param>
/// <param name="Workers">The number of live workers.</param>
/// <param name="SilentFor">The time since the last sign of life of any worker, or null if there was none.</param>
/// <param name="Due">The number of the connected role's instances that are due but not picked up.</param>
/// <param name="DueFor">How long the oldest of them has been due, or null if there are none.</param>
/// <param name="TasksWaiting">The number of tasks that nobody has claimed.</param>
/// <param name="TasksWaitingFor">How long the oldest of them has been waiting, or null if there are none.</param>
internal sealed record HealthState(
    string Version, long Workers, TimeSpan? SilentFor, long Due, TimeSpan? DueFor, long TasksWaiting, TimeSpan? TasksWaitingFor)
{
    /// <summary>Before 1.0, the schema and the package must have the same minor version; from 1.0 on, the same major version.</summary>
    public bool FitsThisPackage => Fits(Version);

    /// <summary>Whether this package can work with a schema of this version.</summary>
    public static bool Fits(string version) => System.Version.TryParse(version, out var schema)
        && System.Version.Parse(PgDurableSchema.Version) is var own
        && schema.Major == own.Major && (own.Major > 0 || schema.Minor == own.Minor);

    public static async Task<HealthState> ReadAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(ClientSql.Health);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        return new(
            reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetTimeSpan(2), reader.GetInt64(3),
            reader.IsDBNull(4) ? null : reader.GetTimeSpan(4), reader.GetInt64(5), reader.IsDBNull(6) ? null : reader.GetTimeSpan(6));
    }
}
