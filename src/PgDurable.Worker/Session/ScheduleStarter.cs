using Microsoft.Extensions.Logging;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>Starts the instances of schedules whose time has come.</summary>
/// <remarks>
/// Every worker does it, and none leads. Planning needs no lock: a plan that another worker was faster with is void
/// (<c>df._worker_tick</c>). Time is the database's, so that workers whose clocks differ agree on what is due.
/// </remarks>
internal sealed class ScheduleStarter(WorkerStore store, uint? role, ILogger logger, TimeProvider time)
{
    private const int BatchSize = 100;

    // df._worker_schedules looks as far ahead.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            var pause = Interval;
            var schedules = await store.DueSchedulesAsync(role, BatchSize, ct);
            foreach (var schedule in schedules)
            {
                if (schedule.DueAt <= schedule.Now)
                    await TickAsync(schedule, ct);
                else if (schedule.DueAt - schedule.Now < pause)
                    pause = schedule.DueAt - schedule.Now;
            }
            if (schedules.Count == BatchSize && schedules[^1].DueAt <= schedules[^1].Now)
                continue;
            await Task.Delay(pause, time, ct);
        }
    }

    private async Task TickAsync(DueSchedule schedule, CancellationToken ct)
    {
        try
        {
            await TickFencedAsync(schedule, ct);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            // One schedule's defect: noted there, and looked at again in a minute.
            Log.ScheduleProblem(logger, schedule.ScheduleNo);
            await store.TickFailedAsync(schedule, $"internal error of the worker ({e.GetType().Name})", ct);
        }
    }

    private async Task TickFencedAsync(DueSchedule schedule, CancellationToken ct)
    {
        string? problem;
        try
        {
            var plan = TickPlan.Of(
                CronSchedule.Parse(schedule.Cron), TimeZones.Find(schedule.TimeZone),
                Enum.Parse<CatchUp>(schedule.CatchUp, ignoreCase: true), schedule.DealtWith, schedule.Now);
            problem = plan is { Ticks: [], Next: null }
                ? await store.TickFailedAsync(schedule, $"'{schedule.Cron}' names no moment in the years to come", ct)
                : await store.TickAsync(schedule, plan, ct);
        }
        catch (FormatException e)
        {
            problem = await store.TickFailedAsync(schedule, e.Message, ct);
        }
        if (problem is not null)
            Log.ScheduleProblem(logger, schedule.ScheduleNo);
    }
}
