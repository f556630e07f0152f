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
        catch (PostgresException error) when (SetupProblem.Of(error) is { } problem)
        {
            return Failure(context, problem, error);
        }
        catch (NpgsqlException error)
        {
            return Failure(context, "The database can't be queried.", error);
        }

        var data = new Dictionary<string, object>
        {
            ["version"] = state.Version,
            ["workers"] = state.Workers,
            ["due"] = state.Due,
            ["tasks_waiting"] = state.TasksWaiting,
        };
        if (state.DueFor is { } age)
            data["due_for_seconds"] = age.TotalSeconds;
        if (state.TasksWaitingFor is { } wait)
            data["tasks_waiting_for_seconds"] = wait.TotalSeconds;
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

        var late = new List<string>();
        if (state.DueFor > options.LongestBacklog)
            late.Add($"{state.Due} instances are due but not picked up, the oldest for {Seconds(state.DueFor.Value)} s.");
        if (state.TasksWaitingFor > options.LongestTaskWait)
        {
            late.Add(
                $"{state.TasksWaiting} tasks wait for an application to run them, the oldest for " +
                $"{Seconds(state.TasksWaitingFor.Value)} s.");
        }
        return late.Count > 0
            ? HealthCheckResult.Degraded(string.Join(' ', late), data: data)
            : HealthCheckResult.Healthy($"{state.Workers} workers, {state.Due} instances due, {state.TasksWaiting} tasks waiting.", data);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private static HealthCheckResult Failure(
        HealthCheckContext context, string what, Exception? error, IReadOnlyDictionary<string, object>? data = null) =>
        new(context.Registration.FailureStatus, what, error, data);
}
