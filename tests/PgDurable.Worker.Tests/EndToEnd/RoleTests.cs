using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Roles whose instances are not run: superusers, and those that are gone.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    PgCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Clusters.WithExtensionAsync(worker: false);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Start_BySuperuser_IsRefused()
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => _cluster.ExecuteAsync("SELECT df.start('SELECT 1')"));
        Assert.Equal("DF011", error.SqlState);
    }

    [Fact]
    public async Task Submission_ForgedBySuperuserOrForADroppedRole_FailsAndSaysWhy()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var dropped = await user.StartAsync($"INSERT INTO {user.Schema}.t VALUES (1)");
        await _cluster.ExecuteAsync(
            $"""
             CREATE TABLE public.super (who text);
             ALTER SCHEMA {user.Schema} OWNER TO postgres;
             REASSIGN OWNED BY {user.Role} TO postgres;
             DROP OWNED BY {user.Role}
             """);
        await user.DisposeAsync();
        await _cluster.ExecuteAsync($"DROP ROLE {user.Role}");
        // As a superuser, who may write anything: without df.start, and once more with a made-up submitter.
        await _cluster.ExecuteAsync(
            $$"""
              WITH g AS (INSERT INTO df.graphs (graph)
                         VALUES ('{"node_type":"SQL","query":"INSERT INTO public.super VALUES (current_user)"}')
                         RETURNING graph_id)
              INSERT INTO df.submissions (id, graph_id) SELECT '00000001', graph_id FROM g;
              INSERT INTO df.submissions (id, graph_id, submitted_by) SELECT '00000002', graph_id, 'pg_monitor' FROM df.graphs LIMIT 1
              """);

        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        foreach (var (id, sqlState, says) in ((string, string, string)[])[(dropped, "DF010", "role"), ("00000001", "DF011", "superuser"),
            ("00000002", "DF003", "graph")])
        {
            await Poll.UntilAsync(
                "the instance has ended", () => _cluster.ScalarAsync<bool>($"SELECT df.status('{id}') NOT IN ('pending', 'running')"));
            var error = await _cluster.ScalarAsync<string>($"SELECT df.error('{id}')");
            Assert.Equal("failed", await _cluster.ScalarAsync<string>($"SELECT df.status('{id}')"));
            Assert.Contains(sqlState, error);
            Assert.Contains(says, error);
        }
        Assert.Equal(
            0L, await _cluster.ScalarAsync<long>($"SELECT (SELECT count(*) FROM {user.Schema}.t) + (SELECT count(*) FROM public.super)"));
    }

    [Fact]
    public async Task Role_DroppedWhileTheInstanceWaits_FailsWhatWasToRun()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        var id = await user.StartGraphAsync("'SELECT 1' ~> df.wait_for_signal('go') ~> 'SELECT 2'");
        await user.WaitingAsync(id, "SIGNAL");
        await _cluster.ExecuteAsync($"REASSIGN OWNED BY {user.Role} TO postgres; DROP OWNED BY {user.Role}");
        await user.DisposeAsync();
        await _cluster.ExecuteAsync($"DROP ROLE {user.Role}");
        await _cluster.ExecuteAsync($"SELECT df.signal('{id}', 'go')");

        await Poll.UntilAsync(
            "the instance has ended", () => _cluster.ScalarAsync<bool>($"SELECT df.status('{id}') NOT IN ('pending', 'running')"));
        Assert.Equal("THEN failed, THEN failed, SQL completed, SIGNAL failed, SQL skipped", await _cluster.ScalarAsync<string>(
            $"SELECT string_agg(node_type || ' ' || inferred_status, ', ' ORDER BY id) FROM df.nodes WHERE instance_id = '{id}'"));
    }

    [Fact]
    public async Task TwoWorkers_ShareTheLoadAndDoNothingTwice()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var gate = await Gate.CloseAsync(_cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int, step int)");
        await using var one = await HostedWorker.StartAsync(_cluster.ConnectionString(), o => o.MaxConcurrentSteps = 4);
        await using var two = await HostedWorker.StartAsync(_cluster.ConnectionString(), o => o.MaxConcurrentSteps = 4);
        await Poll.UntilAsync("both wait for work", () => _cluster.ScalarAsync<bool>(
            "SELECT count(*) = 2 FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:idle' AND wait_event = 'Extension'"));

        var ids = new List<string>();
        for (var n = 0; n < 100; n++)
            ids.Add(await user.StartAsync(Graphs.Sequence(
                $"INSERT INTO {user.Schema}.t SELECT {n}, 1 FROM (SELECT {gate.Pass}) g", $"INSERT INTO {user.Schema}.t VALUES ({n}, 2)")));
        await gate.WaitedForAsync(8); // four each: neither could do it alone
        await gate.OpenAsync();

        foreach (var id in ids)
            await user.ResultAsync(id);
        Assert.Equal(200L, await user.CountAsync("t"));
        Assert.Equal(200L, await _cluster.ScalarAsync<long>($"SELECT count(DISTINCT (n, step)) FROM {user.Schema}.t"));
        Assert.Equal(2L, await _cluster.ScalarAsync<long>("SELECT count(DISTINCT worker_id) FROM df.checkpoints"));
    }
}
