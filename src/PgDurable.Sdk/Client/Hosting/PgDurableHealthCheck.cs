using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PgDurable;

/// <summary>Asks <c>df.health()</c>.</summary>
internal sealed class PgDurableHealthCheck(NpgsqlDataSource dataSource, PgDurableHealthOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthState state;
        try
        {
            state = await HealthState.ReadAsync(dataSource, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedFunction)
        {
            return Failure(context, "The database has no schema df, or an older one than this package: CREATE EXTENSION pg_durable, or PgDurableSchema.InstallAsync.", error);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return Failure(context, "The connected role may not use the schema df: SELECT df.grant_usage('<role>').", error);
        }
        catch (NpgsqlException error)
        {
            return Failure(context, "The database can't be asked.", error);
        }

        var data = new Dictionary<string, object> { ["version"] = state.Version, ["workers"] = state.Workers, ["due"] = state.Due };
        if (state.DueFor is { } age)
            data["due_for_seconds"] = age.TotalSeconds;
        if (!state.FitsThisPackage)
            return Failure(context, $"The schema df is of version {state.Version}; this package needs {PgDurableSchema.Version}.", error: null, data);
        if (state.Workers == 0)
            return Failure(context, $"No worker is alive{(state.SilentFor is { } silence ? $", for {Seconds(silence)} s" : "")}: nothing runs.", error: null, data);
        return state.DueFor > options.LongestBacklog
            ? HealthCheckResult.Degraded($"{state.Due} instances are due and not taken up, the oldest for {Seconds(state.DueFor.Value)} s.", data: data)
            : HealthCheckResult.Healthy($"{state.Workers} workers, {state.Due} instances due.", data);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private static HealthCheckResult Failure(
        HealthCheckContext context, string what, Exception? error, IReadOnlyDictionary<string, object>? data = null) =>
        new(context.Registration.FailureStatus, what, error, data);
}
