using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PgDurable;

/// <summary>Checks the health that <c>df.health()</c> reports.</summary>
internal sealed class PgDurableHealthCheck(NpgsqlDataSource dataSource, PgDurableHealthOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthState state;
        try
        {
            state = await HealthState.ReadAsync(dataSource, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException error)
            when (error.SqlState is PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedFunction)
        {
            return Failure(
                context,
                "The database has no schema df, or an older version of it. Run CREATE EXTENSION pg_durable (or ALTER EXTENSION " +
                "pg_durable UPDATE), or call PgDurableSchema.InstallAsync.",
                error);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return Failure(
                context, "The connected role has no privileges on the schema df. Run SELECT df.grant_usage('<role>').", error);
        }
        catch (NpgsqlException error)
        {
            return Failure(context, "The database can't be queried.", error);
        }

        var data = new Dictionary<string, object> { ["version"] = state.Version, ["workers"] = state.Workers, ["due"] = state.Due };
        if (state.DueFor is { } age)
            data["due_for_seconds"] = age.TotalSeconds;
        if (!state.FitsThisPackage)
        {
            return Failure(
                context,
                $"The schema df has version {state.Version}, but this package requires {PgDurableSchema.Version}.",
                error: null,
                data);
        }

        if (state.Workers == 0)
        {
            var since = state.SilentFor is { } silence ? $" The last one was seen {Seconds(silence)} s ago." : "";
            return Failure(context, $"No worker is running, so nothing is executed.{since}", error: null, data);
        }

        return state.DueFor > options.LongestBacklog
            ? HealthCheckResult.Degraded(
                $"{state.Due} instances are due but not picked up, the oldest for {Seconds(state.DueFor.Value)} s.", data: data)
            : HealthCheckResult.Healthy($"{state.Workers} workers, {state.Due} instances due.", data);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private static HealthCheckResult Failure(
        HealthCheckContext context, string what, Exception? error, IReadOnlyDictionary<string, object>? data = null) =>
        new(context.Registration.FailureStatus, what, error, data);
}
