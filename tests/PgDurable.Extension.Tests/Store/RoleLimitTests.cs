using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>Limits of roles: a request that exceeds one is refused, with the limit in the message.</summary>
public sealed class RoleLimitTests(StoreFixture fixture) : StoreTest(fixture), IAsyncLifetime
{
    async Task IAsyncLifetime.DisposeAsync()
    {
        await Worker.ExecuteAsync("DELETE FROM df.limits");
        await DisposeAsync();
    }

    [Fact]
    public async Task Start_MoreInstancesThanTheLimit_IsRefused()
    {
        await LimitAsync("instances", 3);
        for (var i = 0; i < 3; i++)
            await User.StartAsync();
        await RefusedAsync("SELECT df.start('SELECT 1')", "3 unfinished instances (instances)");
        await Worker.EndAsync((await Worker.ClaimAsync(1))[0].Instance);
        await User.StartAsync();
        await RefusedAsync("INSERT INTO df.submissions (graph_id) SELECT graph_id FROM df.graphs LIMIT 1", "(instances)");
    }

    [Fact]
    public async Task Start_MoreThanTheLimitWithinASecond_IsRefused()
    {
        await LimitAsync("starts_per_second", 5);
        await RefusedAsync(
            "SELECT df.start('SELECT 1') FROM generate_series(1, 6)", "more than 5 instances within a second (starts_per_second)");
        await User.ExecuteAsync("SELECT df.start('SELECT 1') FROM generate_series(1, 5)");
    }

    [Fact]
    public async Task Signal_MoreOrLargerThanTheLimit_IsRefused()
    {
        var id = await User.IdAsync(await User.StartAsync());
        await LimitAsync("signals", 2);
        await User.ExecuteAsync($"SELECT df.signal('{id}', 'a', '1'), df.signal('{id}', 'b', '1')");
        await RefusedAsync($"SELECT df.signal('{id}', 'c', '1')", "2 signals are already waiting");
        await LimitAsync("signals", null);
        await LimitAsync("signal_bytes", 2000);
        await User.ExecuteAsync($"SELECT df.signal('{id}', 'd', '1')");
        await RefusedAsync($"SELECT df.signal('{id}', 'c', to_json(string_agg(gen_random_uuid()::text, ''))::text) "
            + "FROM generate_series(1, 100)", "exceed 2000 bytes in total");
    }

    [Fact]
    public async Task Schedule_MoreThanTheLimit_IsRefused()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await LimitAsync("schedules", 1);
        await User.ExecuteAsync("SELECT df.schedule('a', '@daily', 'w')");
        await RefusedAsync("SELECT df.schedule('b', '@daily', 'w')", "has 1 schedules");
        await User.ExecuteAsync("SELECT df.schedule('a', '@hourly', 'w')");
    }

    [Fact]
    public async Task StartChild_DeeperThanTheLimit_IsRefused()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('child', df.call('child'))");
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        for (var depth = 1; depth <= 32; depth++)
        {
            await Worker.StartChildAsync(instance);
            instance = (await Worker.ClaimOneAsync()).Instance;
        }
        var error = await Assert.ThrowsAsync<PostgresException>(() => Worker.StartChildAsync(instance));
        Assert.Equal(("DF020", "limit exceeded: workflows call each other more than 32 levels deep (call_depth of role alice)"),
            (error.SqlState, error.MessageText));
        await LimitAsync("call_depth", 33);
        Assert.NotNull(await Worker.StartChildAsync(instance));
    }

    [Fact]
    public async Task StartChild_RoleMayNotStartAnyMore_IsRefused()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1')");
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.ExecuteAsync("SELECT df.revoke_usage('alice')");
        try
        {
            Assert.Equal("DF011", (await Assert.ThrowsAsync<PostgresException>(() => Worker.StartChildAsync(instance))).SqlState);
        }
        finally
        {
            await Worker.ExecuteAsync("SELECT df.grant_usage('alice')");
        }
    }

    [Fact]
    public async Task Cancel_TreeThousandsDeep_EndsAllOfIt()
    {
        var root = await User.StartAsync();
        await Worker.ExecuteAsync(
            """
            INSERT INTO df.submissions (graph_id, submitted_by, parent_no, parent_node, parent_path)
            SELECT s.graph_id, s.submitted_by, s.instance_no, 0, '' FROM df.submissions s
            """);
        await Worker.ExecuteAsync(
            """
            DO $$
            BEGIN
                FOR i IN 1 .. 5000 LOOP
                    INSERT INTO df.submissions (graph_id, submitted_by, parent_no, parent_node, parent_path)
                    SELECT s.graph_id, s.submitted_by, s.instance_no, 0, '' FROM df.submissions s ORDER BY s.instance_no DESC LIMIT 1;
                END LOOP;
            END $$
            """);
        await User.ExecuteAsync("SELECT df.cancel($1)", await User.IdAsync(root));
        Assert.Equal((0, 5002), (await Worker.CountAsync("queue"), await Worker.CountAsync("outcomes")));
    }

    [Fact]
    public async Task SetLimit_UnknownOrSenseless_IsRefusedAndOnlyForSuperusers()
    {
        foreach (var (arguments, state) in (ValueTuple<string, string>[])[
            ("'alice', 'wishes', 3", "22023"), ("'alice', 'call_depth', 0", "22023"), ("'nobody at all', 'call_depth', 3", "42704")])
            Assert.Equal(state,
                (await Assert.ThrowsAsync<PostgresException>(() => Worker.ExecuteAsync($"SELECT df.set_limit({arguments})"))).SqlState);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() =>
            User.ExecuteAsync("SELECT df.set_limit('alice', 'call_depth', 99)"))).SqlState);
        await LimitAsync("call_depth", 5);
        Assert.Equal([5L], await User.ColumnAsync<long>("SELECT value FROM df.limits"));
        Assert.Equal([(null, 32L), ("alice", 5L)], await Worker.QueryAsync(
            "SELECT role_oid::regrole::text, value FROM df._worker_limits('call_depth')",
            row => (row.IsDBNull(0) ? null : row.GetString(0), row.GetInt64(1))));
    }

    Task LimitAsync(string limit, int? value) =>
        Worker.ExecuteAsync($"SELECT df.set_limit('alice', '{limit}', {value?.ToString() ?? "NULL"})");

    async Task RefusedAsync(string sql, string message)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => User.ExecuteAsync(sql));
        Assert.Equal("DF020", error.SqlState);
        Assert.Contains(message, error.MessageText, StringComparison.Ordinal);
        Assert.Contains("df.set_limit", error.Hint, StringComparison.Ordinal);
    }
}
