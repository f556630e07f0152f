using System.Globalization;

namespace PgDurable.Worker.Tests.Schedules;

/// <summary>
/// Ticks that a test need not wait for: at minutes of an hour that is half a day away, and the last looks of the workers set back.
/// </summary>
static class PastTicks
{
    /// <summary>A cron expression that ticks at these minutes, once a day, not now and not soon.</summary>
    public static string Cron(string minutes) =>
        $"{minutes} {DateTime.UtcNow.AddHours(12).Hour.ToString(CultureInfo.InvariantCulture)} * * *";

    /// <summary>Returns once a worker has seen a schedule that is new or was changed.</summary>
    public static Task SeenAsync(this TestUser user, string name) => Poll.UntilAsync(
        $"a worker has seen schedule {name}",
        () => user.ScalarAsync<bool>("SELECT next_run IS NOT NULL FROM df.schedules WHERE name = $1", name));

    /// <summary>Makes it as if no worker had looked for a day.</summary>
    public static async Task MissADayAsync(this TestUser user, string name)
    {
        await user.SeenAsync(name);
        await user.Cluster.ExecuteAsync(
            $"""
             UPDATE df.schedule_runs SET dealt_with = now() - interval '1 day', due_at = '-infinity', pass = pass + 1
              WHERE schedule_no = (SELECT schedule_no FROM df.schedule_entries
                                    WHERE name = {TestUser.Literal(name)} AND owner = {TestUser.Literal(user.Role)}::regrole)
             """);
    }

    /// <summary>Returns once a worker has caught up.</summary>
    public static Task CaughtUpAsync(this TestUser user, string name) => Poll.UntilAsync(
        $"a worker has dealt with schedule {name}",
        () => user.Cluster.ScalarAsync<bool>(
            $"""
             SELECT r.dealt_with > now() - interval '1 hour' FROM df.schedule_runs r JOIN df.schedule_entries e USING (schedule_no)
              WHERE e.name = {TestUser.Literal(name)} AND e.owner = {TestUser.Literal(user.Role)}::regrole
             """));
}
