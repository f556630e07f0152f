using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>Schedules.</content>
internal sealed partial class WorkerStore
{
    private const string Schedules = """
        SELECT schedule_no, pass, revision, name, cron, timezone, catch_up, dealt_with, due_at, now FROM df._worker_schedules($1, $2)
        """;

    private const string Tick = "SELECT df._worker_tick($1, $2, $3, $4, $5, $6, $7)";

    /// <summary>The schedules that are due, or will be within a second.</summary>
    public async Task<List<DueSchedule>> DueSchedulesAsync(uint? role, int limit, CancellationToken ct)
    {
        await using var command = Command(quick, Schedules, Nullable(role, NpgsqlDbType.Oid), limit);
        return await ReadAsync(command, row => new DueSchedule(
            ScheduleNo: row.Get<long>("schedule_no"), Pass: row.Get<long>("pass"), Revision: row.Get<int>("revision"),
            Name: row.Get<string>("name"),
            Cron: row.Get<string>("cron"), TimeZone: row.FindText("timezone"), CatchUp: row.Get<string>("catch_up"),
            DealtWith: row.Get<DateTimeOffset>("dealt_with"), DueAt: row.Get<DateTimeOffset>("due_at"),
            Now: row.Get<DateTimeOffset>("now")), ct);
    }

    /// <summary>
    /// Starts the planned instances and records the next tick, in one transaction. Does nothing if another worker was faster. Returns the
    /// problem, if there was one.
    /// </summary>
    public async Task<string?> TickAsync(DueSchedule schedule, TickPlan plan, CancellationToken ct)
    {
        await using var command = TickCommand(schedule, schedule.Now, plan, null);
        return await ReadTextAsync(command, ct);
    }

    /// <summary>Records why nothing could be planned. The schedule is due again in a minute.</summary>
    public async Task<string?> TickFailedAsync(DueSchedule schedule, string problem, CancellationToken ct)
    {
        await using var command = TickCommand(schedule, schedule.DealtWith, new TickPlan([], null), problem);
        return await ReadTextAsync(command, ct);
    }

    private NpgsqlCommand TickCommand(DueSchedule schedule, DateTimeOffset upTo, TickPlan plan, string? problem) => Command(
        durable, Tick, schedule.ScheduleNo, schedule.Pass, schedule.Revision, upTo.UtcDateTime,
        Array(plan.Ticks.Select(tick => tick.UtcDateTime), NpgsqlDbType.TimestampTz),
        Nullable(plan.Next?.UtcDateTime, NpgsqlDbType.TimestampTz),
        Nullable(problem, NpgsqlDbType.Text));
}
