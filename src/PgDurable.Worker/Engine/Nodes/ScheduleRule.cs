using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>WAIT_SCHEDULE: waits for the first moment of a cron schedule after now.</summary>
internal static class ScheduleRule
{
    // A new one each time: a loop tells by its identity that a name was bound again.
    private static StepResult Scheduled => new("""{"scheduled":true}""", null);

    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var config = (NodeConfig.Schedule)frame.Node.Config!;
        try
        {
            if (CronSchedule.Parse(config.Cron).Next(engine.State.WaitsBegin, TimeZones.Find(config.TimeZone)) is { } next)
                engine.Issue(frame, new Command.Wait(frame.Key, "WAIT_SCHEDULE", next, null, Scheduled, null));
            else
                engine.Refuse(
                    frame, new StepError($"No upcoming schedule found for '{config.Cron}'", DurableErrorCodes.ScheduleNeverFires));
        }
        catch (FormatException e)
        {
            engine.Refuse(frame, new StepError(e.Message, DurableErrorCodes.InvalidGraph));
        }
    }
}
