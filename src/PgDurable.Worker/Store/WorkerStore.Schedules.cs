using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <content>Schedules.</content>
internal sealed partial class WorkerStore
{
    public async Task<List<DueSchedule>> DueSchedulesAsync(uint? role, int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Schedules, quick.Connection)
        {
            Parameters = { new() { Value = (object?)role ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Oid }, new() { Value = limit } },
        };
        return await ReadAsync(command, row => new DueSchedule(
            row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetString(4), Text(row, 5), row.GetString(6),
            row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8), row.GetFieldValue<DateTimeOffset>(9)), ct);
    }

    /// <summary>
    /// Starts what was planned and notes the next tick, in one transaction; nothing when another worker was faster. Returns what stood in
    /// the way.
    /// </summary>
    public async Task<string?> TickAsync(DueSchedule schedule, TickPlan plan, CancellationToken ct)
    {
        await using var command = TickCommand(schedule, schedule.Now, plan, null);
        return (await ReadAsync(command, row => Text(row, 0), ct))[0];
    }

    /// <summary>Notes that nothing could be planned, and why. It is looked at again in a minute.</summary>
    public async Task<string?> TickFailedAsync(DueSchedule schedule, string problem, CancellationToken ct)
    {
        await using var command = TickCommand(schedule, schedule.DealtWith, new TickPlan([], null), problem);
        return (await ReadAsync(command, row => Text(row, 0), ct))[0];
    }

    private NpgsqlCommand TickCommand(DueSchedule schedule, DateTimeOffset upTo, TickPlan plan, string? problem)
    {
        var ticks = plan.Ticks.Select(tick => tick.UtcDateTime).ToArray();
        return new NpgsqlCommand(SqlCatalog.Tick, durable.Connection)
        {
            Parameters =
            {
                new() { Value = schedule.ScheduleNo },
                new() { Value = schedule.Pass },
                new() { Value = schedule.Revision },
                new() { Value = upTo.UtcDateTime },
                new() { Value = ticks, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                new() { Value = (object?)plan.Next?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = (object?)problem ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
    }
}
