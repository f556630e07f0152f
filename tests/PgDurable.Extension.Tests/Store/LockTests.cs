using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>Nobody can hold up the workers or other users, neither by locking tables nor by locking their rows.</summary>
public sealed class LockTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task LockTable_AnyOfOurs_IsRefusedInAllModesButOne()
    {
        var allowed = await User.ColumnAsync<string>(
            """
            SELECT c.oid::regclass || ' ' || m
              FROM pg_class c,
                   unnest(ARRAY['ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE',
                                'ACCESS EXCLUSIVE']) m
             WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'v')
               AND has_any_column_privilege(c.oid, 'SELECT')
             ORDER BY 1
            """);
        Assert.NotEmpty(allowed);
        foreach (var lockable in allowed)
        {
            var space = lockable.IndexOf(' ', StringComparison.Ordinal);
            await User.ExecuteAsync("BEGIN");
            var error = await Assert.ThrowsAsync<PostgresException>(
                () => User.ExecuteAsync($"LOCK TABLE {lockable[..space]} IN {lockable[(space + 1)..]} MODE NOWAIT"));
            Assert.True(error.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{lockable}: {error.MessageText}");
            await User.ExecuteAsync("ROLLBACK");
        }
    }

    // Users may lock only their own rows, and no worker waits for these.
    [Fact]
    public async Task LockRows_AllThatOneMay_HoldsNoWorkerUp()
    {
        await User.ExecuteAsync(
            "SELECT df.setvar('v', '1'), df.register_workflow('child', 'SELECT 1'), df.schedule('s', '* * * * *', 'child')");
        var instance = await User.StartAsync();
        var ended = await User.StartAsync();
        await User.ExecuteAsync("SELECT df.pause($1), df.publish($1, '1')", await User.IdAsync(ended));
        await User.ExecuteAsync("SELECT df.tag($1, 'k', 'v')", await User.IdAsync(ended));
        await User.ExecuteAsync("SELECT df.cancel($1)", await User.IdAsync(ended));
        await using var holder = await Fixture.UserAsync();
        await holder.ExecuteAsync("BEGIN");
        var locked = 0;
        foreach (var table in await holder.ColumnAsync<string>(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'df'::regnamespace AND relkind IN ('r', 'v')"))
        {
            await holder.ExecuteAsync("SAVEPOINT s");
            try
            {
                await holder.ExecuteAsync($"SELECT 1 FROM df.{table} FOR UPDATE");
                locked++;
            }
            catch (PostgresException e)
                when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.FeatureNotSupported)
            {
                await holder.ExecuteAsync("ROLLBACK TO s");
            }
        }
        Assert.InRange(locked, 1, 9);

        await Worker.ExecuteAsync("SET lock_timeout = '500ms'");
        Assert.Equal(instance, (await Worker.ClaimOneAsync()).Instance);
        await Worker.StartChildAsync(instance);
        await User.SignalAsync(instance, "go");
        Assert.True((await Worker.ClaimAsync()).Single(claim => claim.Instance == instance).Held);
        Assert.Equal([instance], await Worker.ParkAsync(instance));
        await Worker.EndAsync(instance);
        await Worker.ExecuteAsync("UPDATE df.outcomes SET completed_at = now() - interval '1000 days'");
        Assert.NotEqual(0, await Worker.ScalarAsync<long>("SELECT df._worker_prune(100)"));
        await holder.ExecuteAsync("ROLLBACK");
    }

    [Theory]
    [InlineData("pauses", "SELECT df.pause(id) FROM df.instances", "SELECT df.resume(id) FROM df.instances")]
    [InlineData("vars", "SELECT df.setvar('a', '1')", "SELECT df.unsetvar('a')")]
    [InlineData("vars", "SELECT df.setvar('a', '1')", "SELECT df.clearvars()")]
    [InlineData("tags", "SELECT df.tag(id, 'k', 'v') FROM df.instances", "SELECT df.tag(id, 'k', NULL) FROM df.instances")]
    [InlineData("registrations", "SELECT df.register_workflow('w', 'SELECT 1')", "SELECT df.drop_workflow_version('w', 1)")]
    [InlineData(
        "schedule_entries", "SELECT df.register_workflow('w', 'SELECT 1'), df.schedule('s', '@daily', 'w')", "SELECT df.unschedule('s')")]
    public async Task Remove_AsOwnerOnly(string table, string make, string remove)
    {
        await User.StartAsync();
        await User.ExecuteAsync(make);
        await using var other = new TestSession(await Fixture.Cluster.ConnectAsync());
        await other.ExecuteAsync("DO $$ BEGIN CREATE ROLE mallory; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await other.ExecuteAsync("SELECT df.grant_usage('mallory')");
        await other.ExecuteAsync("SET ROLE mallory");
        await other.ExecuteAsync($"UPDATE df.{table} SET removed = true");
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => other.ExecuteAsync($"DELETE FROM df.{table}"))).SqlState);
        try
        {
            await other.ExecuteAsync(remove);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("DF", StringComparison.Ordinal))
        {
            // mallory sees no such row
        }
        Assert.Equal(1, await Worker.CountAsync(table));

        await User.ExecuteAsync(remove);
        Assert.Equal(0, await Worker.CountAsync(table));
    }

    [Fact]
    public async Task Resume_PausedBySomebodyElse_LetsItGoOn()
    {
        var id = await User.IdAsync(await User.StartAsync());
        await Worker.ExecuteAsync("SELECT df.pause($1)", id);
        await User.ExecuteAsync("SELECT df.resume($1)", id);
        Assert.Equal(0, await Worker.CountAsync("pauses"));
    }

    [Fact]
    public async Task Watch_OneInstanceAThousandTimes_IsOneRow()
    {
        var instance = await User.StartAsync();
        await User.ExecuteAsync("INSERT INTO df.watches (instance_no) SELECT $1 FROM generate_series(1, 1000)", instance);
        Assert.Equal(1, await Worker.CountAsync("watches"));
    }
}
