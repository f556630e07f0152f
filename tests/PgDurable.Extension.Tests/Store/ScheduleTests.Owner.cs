using Npgsql;

namespace PgDurable.Extension.Tests.Store;

public sealed partial class ScheduleTests
{
    [Fact]
    public async Task Change_Uncommitted_TicksGoOnAsBefore()
    {
        await ScheduleAsync("overlap => 'allow'");
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.schedule('s', '@hourly', 'w', overlap => 'allow')");
        await TickAsync(1);
        await User.ExecuteAsync("SELECT df.unschedule('s')");
        await TickAsync(2);
        Assert.Equal("1 2", await StartedAsync());
        await User.ExecuteAsync("COMMIT");
        await TickAsync();
        Assert.Equal(0, await Worker.CountAsync("schedule_runs"));
    }

    // Unseen ticks of the old expression disappear with it; a pause leaves a gap.
    [Theory]
    [InlineData("SELECT df.schedule('s', '@hourly', 'w')")]
    [InlineData("SELECT df.pause_schedule('s'); SELECT df.resume_schedule('s')")]
    public async Task Change_OfTheTicks_BeginsAnew(string change)
    {
        await ScheduleAsync();
        await TickAsync(1);
        await Worker.ExecuteAsync("UPDATE df.schedule_runs SET dealt_with = dealt_with - interval '1 day', due_at = '-infinity'");
        await Fixture.Cluster.ExecuteAsync($"SET ROLE alice; {change}");
        Assert.True(await Worker.ScalarAsync<bool>("SELECT dealt_with > now() - interval '1 minute' FROM df._worker_schedules(NULL, 10)"));
    }

    [Fact]
    public async Task Jitter_StartsLaterByTheSameTimeForTheSameTick()
    {
        await ScheduleAsync("overlap => 'allow', jitter_seconds => 60");
        await TickAsync(1, 2);
        var delays = await Worker.ColumnAsync<double>(
            "SELECT extract(epoch FROM start_at - date_trunc('minute', start_at))::float8 FROM df.submissions ORDER BY instance_no");
        Assert.All(delays, delay => Assert.InRange(delay, 0, 60));
        Assert.NotEqual(delays[0], delays[1]);
        await Worker.ExecuteAsync("DELETE FROM df.submissions");
        await Worker.ExecuteAsync("UPDATE df.schedule_runs SET due_at = '-infinity'");
        await TickAsync(1, 2);
        Assert.Equal(delays, await Worker.ColumnAsync<double>(
            "SELECT extract(epoch FROM start_at - date_trunc('minute', start_at))::float8 FROM df.submissions ORDER BY instance_no"));
    }

    [Fact]
    public async Task Tick_VariablesAndVersion_AreThoseOfTheMoment()
    {
        await ScheduleAsync("overlap => 'allow'");
        await User.ExecuteAsync("SELECT df.setvar('region', 'EU')");
        await TickAsync(1);
        await User.ExecuteAsync("SELECT df.setvar('region', 'US'), df.register_workflow('w', 'SELECT 2')");
        await TickAsync(2);
        Assert.Equal(["1 EU", "2 US"], await Worker.ColumnAsync<string>(
            "SELECT concat_ws(' ', workflow_version, vars ->> 'region') FROM df.submissions ORDER BY instance_no"));
    }

    [Fact]
    public async Task Tick_OwnerDropped_ScheduleIsRemoved()
    {
        await Fixture.Cluster.CreateRoleAsync("leaver");
        await Fixture.Cluster.ExecuteAsync(
            """
            SELECT df.grant_usage('leaver');
            SET ROLE leaver; SELECT df.register_workflow('w', 'SELECT 1'); SELECT df.schedule('s', '@daily', 'w'); RESET ROLE;
            """);
        await TickAsync();
        await Fixture.Cluster.ExecuteAsync("DROP OWNED BY leaver; DROP ROLE leaver; UPDATE df.schedule_runs SET due_at = '-infinity'");
        Assert.Equal("schedule s was removed because its owner was dropped", await TickAsync(1));
        Assert.Equal(0, await Worker.CountAsync("schedule_entries"));
        await TickAsync();
        Assert.Equal(0, await Worker.CountAsync("schedule_runs"));
    }

    [Fact]
    public async Task Tick_OwnerMayNoLonger_StartsNothingAndSaysWhy()
    {
        await Fixture.Cluster.CreateRoleAsync("guest");
        await Fixture.Cluster.ExecuteAsync(
            """
            SELECT df.grant_usage('guest');
            SET ROLE guest; SELECT df.register_workflow('w', 'SELECT 1'); SELECT df.schedule('s', '@daily', 'w'); RESET ROLE;
            SELECT df.revoke_usage('guest');
            """);
        Assert.Equal("role guest may not start workflows: use df.grant_usage to allow it", await TickAsync(1));
        await Fixture.Cluster.ExecuteAsync("ALTER ROLE guest SUPERUSER");
        Assert.StartsWith(
            "pg_durable: superuser instances are disabled. \"guest\" is a superuser", await TickAsync(2), StringComparison.Ordinal);
        await Fixture.Cluster.ExecuteAsync("ALTER ROLE guest NOSUPERUSER; SELECT df.grant_usage('guest')");
        Assert.Null(await TickAsync(3));
        Assert.Equal("3", await StartedAsync());
    }

    // The cost of a tick is limited, because the worker pays it. df.start has no such limits, because the caller pays.
    [Fact]
    public async Task Tick_OwnerHasHugeVariables_StartsNothingAndSaysWhy()
    {
        await ScheduleAsync();
        await User.ExecuteAsync("SELECT df.setvar('big', repeat('x', 1100000))");
        Assert.Equal("the variables of role alice are larger than 1 MB", await TickAsync(1));
        await User.ExecuteAsync("SELECT df.clearvars()");
        Assert.Null(await TickAsync(2));
        Assert.Equal("2", await StartedAsync());
    }

    [Fact]
    public async Task Tick_Fails_IsShownAndPlannedAgain()
    {
        await ScheduleAsync();
        await Fixture.Cluster.ExecuteAsync("ALTER TABLE df.submissions ADD CONSTRAINT no_more CHECK (label <> 's') NOT VALID");
        try
        {
            Assert.Contains("no_more", await TickAsync(1), StringComparison.Ordinal);
            Assert.Contains("no_more", await User.ScalarAsync<string>("SELECT problem FROM df.schedules"), StringComparison.Ordinal);
        }
        finally
        {
            await Fixture.Cluster.ExecuteAsync("ALTER TABLE df.submissions DROP CONSTRAINT no_more");
        }
        Assert.Null(await TickAsync(1));
        Assert.Equal("1", await StartedAsync());
    }

    [Theory]
    [InlineData("df.schedule('s', '* * * * *' || repeat(' ', 1000), 'w')", "Cron expression is longer than 1000 characters")]
    [InlineData("df.schedule('s', '@daily', 'w', to_jsonb(repeat('x', 1100000)))",
        "Schedule input is larger than 1 MB: keep the data in a table and pass its key")]
    public async Task Schedule_TooLarge_IsRefused(string call, string message)
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        Assert.Equal(message, (await Assert.ThrowsAsync<PostgresException>(() => User.ExecuteAsync($"SELECT {call}"))).MessageText);
        foreach (var column in (string[])["cron", "timezone"])
            Assert.Equal("23514", (await Assert.ThrowsAsync<PostgresException>(async () =>
            {
                await User.ExecuteAsync("SELECT df.schedule('s', '@daily', 'w')");
                await User.ExecuteAsync($"UPDATE df.schedule_entries SET {column} = repeat('x', 1001)");
            })).SqlState);
    }

    [Fact]
    public async Task Schedule_OfASuperuser_IsRefused()
    {
        await Worker.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        var error = await Assert.ThrowsAsync<PostgresException>(() => Worker.ExecuteAsync("SELECT df.schedule('s', '@daily', 'w')"));
        Assert.Equal("DF011", error.SqlState);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public async Task Schedule_TheSameFromTenConnections_IsMadeOnce()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            await using var session = await Fixture.UserAsync();
            return await session.ScalarAsync<string>("SELECT df.schedule('s', '@daily', 'w')");
        }));
        Assert.Single(answers, "created");
        Assert.Equal(1, await Worker.CountAsync("schedule_entries"));
    }

    [Fact]
    public async Task Schedule_Unchanged_WritesNothing()
    {
        await ScheduleAsync();
        await using var other = await Fixture.UserAsync();
        await other.ExecuteAsync("BEGIN READ ONLY");
        Assert.Equal("unchanged", await other.ScalarAsync<string>("SELECT df.schedule('s', '@daily', 'w')"));
    }

    // A dump brings older rows. The workers leave them alone until df.resume_restored() is called.
    [Fact]
    public async Task Schedule_FromADump_IsHeldUntilItIsResumed()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await Worker.ExecuteAsync(
            """
            WITH e AS (INSERT INTO df.schedule_entries
                              (created_at, changed_at, owner, name, cron, workflow, overlap, catch_up, jitter_seconds)
                       VALUES ('2020-01-01', '2020-01-01', 'alice', 's', '@daily', 'w', 'allow', 'all', 0) RETURNING schedule_no)
            INSERT INTO df.schedule_runs (schedule_no, dealt_with, revision) SELECT schedule_no, '2020-01-01', 1 FROM e
            """);
        Assert.Null(await TickAsync(1));
        Assert.Equal("", await StartedAsync());
        Assert.Equal(
            "restored from a dump and held: call df.resume_restored()", await User.ScalarAsync<string>("SELECT problem FROM df.schedules"));

        await Worker.ExecuteAsync("SELECT df.resume_restored()");
        Assert.True(await Worker.ScalarAsync<bool>("SELECT dealt_with > now() - interval '1 minute' FROM df._worker_schedules(NULL, 10)"));
        await TickAsync(2);
        Assert.Equal("2", await StartedAsync());
    }
}
