using Npgsql;

namespace PgDurable;

/// <summary>What <c>df.health()</c> says.</summary>
/// <param name="Version">The schema's version.</param>
/// <param name="Workers">How many workers are alive.</param>
/// <param name="SilentFor">Since the last sign of life of any worker; null when there is none.</param>
/// <param name="Due">The connected role's instances that are due and not taken up.</param>
/// <param name="DueFor">How long the oldest of them has been; null without any.</param>
internal sealed record HealthState(string Version, long Workers, TimeSpan? SilentFor, long Due, TimeSpan? DueFor)
{
    /// <summary>Before 1.0 a schema fits packages of its own minor version, then of its own major one.</summary>
    public bool FitsThisPackage => System.Version.TryParse(Version, out var schema) && System.Version.Parse(PgDurableSchema.Version) is var own
        && schema.Major == own.Major && (own.Major > 0 || schema.Minor == own.Minor);

    public static async Task<HealthState> ReadAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(ClientSql.Health);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        return new(
            reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetTimeSpan(2), reader.GetInt64(3),
            reader.IsDBNull(4) ? null : reader.GetTimeSpan(4));
    }
}
