using Microsoft.Extensions.Logging;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>Starts the instances of schedules whose time has come.</summary>
/// <remarks>
/// Every worker does this, without a leader. Planning needs no lock: if another worker was faster, the plan is void
/// (<c>df._worker_tick</c>). Time is the database's, so that workers whose clocks differ agree on what is due.
/// </remarks>
internal sealed class ScheduleLoop(WorkerStore store, uint? role, ILogger logger, TimeProvider time)
{
    private const int BatchSize = 100;

    // df._worker_schedules looks ahead this far.
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
            if (await PlanAndTickAsync(schedule, ct) is not null)
                Log.ScheduleProblem(logger, schedule.ScheduleNo);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            // One schedule's defect is recorded there, and the schedule is due again in a minute.
            Log.ScheduleProblem(logger, schedule.ScheduleNo);
            await store.TickFailedAsync(schedule, $"internal error of the worker ({e.GetType().Name})", ct);
        }
    }

    /// <summary>Returns the problem, if there was one.</summary>
    private async Task<string?> PlanAndTickAsync(DueSchedule schedule, CancellationToken ct)
    {
        try
        {
            var plan = TickPlan.Of(
                CronSchedule.Parse(schedule.Cron), TimeZones.Find(schedule.TimeZone),
                Enum.Parse<CatchUp>(schedule.CatchUp, ignoreCase: true), schedule.DealtWith, schedule.Now);
            return plan is { Ticks: [], Next: null }
                ? await store.TickFailedAsync(schedule, $"'{schedule.Cron}' names no moment in the years to come", ct)
                : await store.TickAsync(schedule, plan, ct);
        }
        catch (FormatException e)
        {
            return await store.TickFailedAsync(schedule, e.Message, ct);
        }
    }
}
