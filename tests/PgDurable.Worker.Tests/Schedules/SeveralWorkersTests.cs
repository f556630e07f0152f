using System.Globalization;
using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Schedules;

/// <summary>Three workers tick the same schedules, and are killed while they do: no tick is lost, none counts twice.</summary>
public sealed class SeveralWorkersTests(ITestOutputHelper output)
{
    const int Rounds = 8, SchedulesPerRound = 10, Minutes = 40;

    [Fact]
    public async Task Workers_KilledWhileTheyTick_EveryTickRunsOnce()
    {
        var seed = Environment.GetEnvironmentVariable("PGDURABLE_TEST_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"PGDURABLE_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var cluster = await Clusters.WithExtensionAsync(worker: false);
        await using var user = await TestUser.CreateAsync(cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (schedule text)");
        await user.ScalarAsync<int>("SELECT df.register_workflow('w', $1)", $"INSERT INTO {user.Schema}.t VALUES ($input.name)");

        var workers = new WorkerProcess[3];
        try
        {
            for (var i = 0; i < workers.Length; i++)
                workers[i] = await WorkerProcess.StartAsync(cluster);
            await Poll.UntilAsync(
                "three workers are there", async () => await cluster.ScalarAsync<long>("SELECT count(*) FROM df.workers") == 3);
            for (var round = 0; round < Rounds; round++)
            {
                await MissMinutesAsync(cluster, user, round);
                await Task.Delay(random.Next(1200)); // the random moment
                var victim = random.Next(workers.Length);
                workers[victim].Kill();
                workers[victim].Dispose();
                workers[victim] = await WorkerProcess.StartAsync(cluster);
            }

            await Poll.UntilAsync("all have caught up", () => cluster.ScalarAsync<bool>(
                $"SELECT count(*) = {Rounds * SchedulesPerRound} AND bool_and(dealt_with > now() - interval '2 minutes') "
                    + "FROM df.schedule_runs"));
            await user.ExecuteAsync("SELECT df.pause_schedule(name) FROM df.schedules");
            await Poll.UntilAsync(
                "none ticks any more", () => cluster.ScalarAsync<bool>("SELECT bool_and(due_at = 'infinity') FROM df.schedule_runs"));
            await Poll.UntilAsync("everything has run", () => cluster.ScalarAsync<bool>("SELECT count(*) = 0 FROM df.queue"));
        }
        finally
        {
            foreach (var worker in workers)
                worker?.Dispose();
        }

        // Every minute from the first to the last look, of each schedule; and its effect, as often.
        Assert.Equal("", await cluster.ScalarAsync<string>(
            $"""
             WITH expected AS (
                 SELECT e.name, to_char(m AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS minute
                   FROM df.schedule_entries e JOIN df.schedule_runs r USING (schedule_no)
                  CROSS JOIN generate_series((SELECT b.first FROM {user.Schema}.begun b WHERE b.name = e.name), r.last_run, '1 minute') m
             ), started AS (
                 SELECT s.label AS name, right(s.idempotency_key, 17) AS minute
                   FROM df.submissions s JOIN df.outcomes o USING (instance_no) WHERE o.status = 'completed'
             )
             SELECT coalesce(string_agg(concat_ws(' ', x.name, x.minute, x.what), ', '), '')
               FROM (SELECT COALESCE(e.name, s.name) AS name, COALESCE(e.minute, s.minute) AS minute,
                            CASE WHEN s.name IS NULL THEN 'is lost' ELSE 'is too much' END AS what
                       FROM expected e FULL JOIN started s USING (name, minute)
                      WHERE e.name IS NULL OR s.name IS NULL) x
             """));
        Assert.Equal(
            await cluster.ScalarAsync<long>("SELECT count(DISTINCT (label, right(idempotency_key, 17))) FROM df.submissions"),
            await user.CountAsync("t"));
        Assert.True(await user.CountAsync("t") >= Rounds * SchedulesPerRound * Minutes);
        Assert.Equal(
            "", await cluster.ScalarAsync<string>("SELECT coalesce(string_agg(DISTINCT problem, ', '), '') FROM df.schedule_runs"));
    }

    // New schedules, at which no worker seems to have looked since so many minutes.
    static async Task MissMinutesAsync(PgCluster cluster, TestUser user, int round)
    {
        await user.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {user.Schema}.begun (name text, first timestamptz)");
        await user.ExecuteAsync(
            $$"""
              SELECT df.schedule(n, '* * * * *', 'w', jsonb_build_object('name', n), overlap => 'allow', catch_up => 'all')
                FROM generate_series(1, {{SchedulesPerRound}}) i, format('%s of %s', i, {{round}}) n
              """);
        await Poll.UntilAsync(
            "a worker has seen them", () => user.ScalarAsync<bool>("SELECT bool_and(next_run IS NOT NULL) FROM df.schedules"));
        await cluster.ExecuteAsync(
            $"""
             WITH back AS (
                 UPDATE df.schedule_runs r
                    SET dealt_with = date_trunc('minute', now()) - interval '{Minutes} minutes 30 seconds',
                        due_at = '-infinity', pass = pass + 1
                   FROM df.schedule_entries e WHERE e.schedule_no = r.schedule_no AND e.name LIKE '% of {round}'
                 RETURNING e.name)
             INSERT INTO {user.Schema}.begun SELECT name, date_trunc('minute', now()) - interval '{Minutes} minutes' FROM back
             """);
    }
}
