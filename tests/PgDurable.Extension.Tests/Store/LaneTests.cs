using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>What a worker learns of the lanes of the queue, and claims from them.</summary>
public sealed class LaneTests(StoreFixture fixture) : StoreTest(fixture)
{
    const string Lanes = "SELECT concat_ws(' ', role_oid::regrole, lane, due) FROM df._worker_lanes(NULL, 0, (-1)::smallint, $1)";

    [Fact]
    public async Task Lanes_AdHocAndWorkflows_AreSaidToBeDueOrNot()
    {
        await User.StartAsync();
        await User.StartAsync("'SELECT 1', start_at => now() + interval '1 hour'");
        await User.ExecuteAsync(
            "SELECT df.register_workflow('late', 'SELECT 1'), df.start_workflow('late', start_at => now() + interval '1 hour')");
        var late = 1 + await Worker.ScalarAsync<int>("SELECT hashtext('late') & 63");
        Assert.Equal(["alice 0 t", $"alice {late} f"], await Worker.ColumnAsync<string>(Lanes, 10));
        Assert.Equal(["alice 0 t"], await Worker.ColumnAsync<string>(Lanes, 1));

        await Worker.ClaimAsync();
        Assert.Equal(["alice 0 f", $"alice {late} f"], await Worker.ColumnAsync<string>(Lanes, 10));
    }

    [Fact]
    public async Task Lanes_OfOneRole_LeaveOthersOut()
    {
        await User.StartAsync();
        Assert.Empty(await Worker.ColumnAsync<short>("SELECT lane FROM df._worker_lanes('postgres'::regrole, 0, (-1)::smallint, 10)"));
        Assert.Single(await Worker.ColumnAsync<short>("SELECT lane FROM df._worker_lanes('alice'::regrole, 0, (-1)::smallint, 10)"));
    }

    [Fact]
    public async Task Claim_SharesOfLanes_TakesAsManyOfEach()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await User.ExecuteAsync("SELECT df.start('SELECT 1') FROM generate_series(1, 50)");
        await User.ExecuteAsync("SELECT df.start_workflow('w') FROM generate_series(1, 2)");
        Assert.Equal([5L, 2L], await Worker.ColumnAsync<long>(
            """
            SELECT count(*)
              FROM df._worker_claim($1, 0, NULL, ARRAY['alice', 'alice']::regrole[]::oid[],
                                    ARRAY[0, 1 + (hashtext('w') & 63)]::smallint[], ARRAY[5, 5])
             GROUP BY lane ORDER BY lane
            """, Worker.Id));
    }

    [Fact]
    public async Task Claim_OnlyWhatHasWaited_PassesOverFreshStarts()
    {
        var waited = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.ParkAsync(waited, "[]", "2020-01-01");
        await User.StartAsync();
        const string Claim = "SELECT instance_no FROM df._worker_claim($1, 0, NULL, ARRAY['alice'::regrole::oid], ARRAY[0::smallint], "
            + "ARRAY[5], '1970-01-01')";
        Assert.Equal([waited], await Worker.ColumnAsync<long>(Claim, Worker.Id));
        Assert.Empty(await Worker.ColumnAsync<long>(Claim, Worker.Id));
    }

    [Theory]
    [InlineData("SELECT instance_no FROM df._worker_claim($1, 10, NULL, p_after => ARRAY[$2::bigint])")]
    [InlineData("SELECT instance_no FROM df._worker_claim($1, 0, NULL, ARRAY['alice'::regrole::oid], ARRAY[0::smallint], ARRAY[10], "
        + "p_after => ARRAY[$2::bigint])")]
    public async Task Claim_AfterWhatWasClaimedLast_LeavesOutOlderStartsOnly(string claim)
    {
        var waited = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.ParkAsync(waited, "[]", "2020-01-01");
        var older = await User.StartAsync();
        var newer = await User.StartAsync();
        Assert.Equal([waited, newer], (await Worker.ColumnAsync<long>(claim, Worker.Id, older)).Order());
        Assert.Equal([older], await Worker.ColumnAsync<long>(claim, Worker.Id, 0L));
    }

    [Fact]
    public async Task Claim_HeldWorthMuch_SaysHowMuch()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        var result = $"\"{new string('x', 300_000)}\"";
        Assert.Empty(await Worker.RecordAsync(TestWorker.Record(instance, 3, result: result)));
        await Worker.ParkAsync(instance, "[]", "2020-01-01");
        Assert.InRange(await Worker.ScalarAsync<long>("SELECT bytes FROM df._worker_claim($1, 1, NULL)", Worker.Id), 300_000, 301_000);
    }

    [Fact]
    public async Task Signals_MoreThanFit_ComeOldestFirstAndTheFirstAlways()
    {
        var instance = await User.StartAsync();
        await User.ExecuteAsync("SELECT df.signal($1, 'big', to_json(string_agg(gen_random_uuid()::text, ''))::text) "
            + "FROM generate_series(1, 3) s, generate_series(1, 1000) GROUP BY s", await User.IdAsync(instance));
        await User.ExecuteAsync("SELECT df.signal($1, 'other', '1') FROM generate_series(1, 500)", await User.IdAsync(instance));
        const string Names = "SELECT name FROM df._worker_signals(ARRAY[$1], $2, 100, $3)";
        Assert.Equal(["big"], await Worker.ColumnAsync<string>(Names, instance, new[] { "big" }, 10L));
        Assert.Equal(["big", "big", "big"], await Worker.ColumnAsync<string>(Names, instance, new[] { "big", "no" }, 1_000_000L));
        Assert.Equal(100, (await Worker.ColumnAsync<string>(Names, instance, new[] { "other" }, 1_000_000L)).Count);
        Assert.Equal(
            ["big", "big", "big", "other"], (await Worker.ColumnAsync<string>(Names, instance, new[] { "big", "other" }, 1_000_000L))[..4]);
    }

    [Fact]
    public async Task Prune_RoleIsGone_MakesItsInstancesDue()
    {
        await using var admin = new TestSession(await Fixture.Cluster.ConnectAsync());
        await admin.ExecuteAsync("CREATE ROLE leaver");
        await admin.ExecuteAsync("SELECT df.grant_usage('leaver')");
        await admin.ExecuteAsync("SET ROLE leaver");
        var instance = await admin.StartAsync();
        await Worker.ClaimOneAsync();
        Assert.Empty(await Worker.ParkAsync(instance));
        await admin.ExecuteAsync("RESET ROLE");
        await admin.ExecuteAsync("SELECT df.revoke_usage('leaver')");
        await admin.ExecuteAsync("DROP ROLE leaver");

        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal(1, await Worker.ScalarAsync<long>("SELECT df._worker_prune(100)"));
        Assert.Equal(instance, (await Worker.ClaimOneAsync()).Instance);
        Assert.Equal(0, await Worker.ScalarAsync<long>("SELECT df._worker_prune(100)"));
    }

    [Fact]
    public async Task Submission_IdOfOnesOwnChoice_IsRefused()
    {
        await User.StartAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => User.ExecuteAsync("INSERT INTO df.submissions (id, graph_id) SELECT 'deadbeef', graph_id FROM df.graphs"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        await User.ExecuteAsync("INSERT INTO df.submissions (graph_id) SELECT graph_id FROM df.graphs");
        Assert.Equal(2, (await Worker.ClaimAsync()).Count);
    }
}
