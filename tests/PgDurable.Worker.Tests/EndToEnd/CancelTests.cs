using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.cancel: effective at commit, stops the running statement, and holds nobody else up.</summary>
[Collection(WorkerCollection.Name)]
public sealed class CancelTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Cancel_InTheTransactionThatStarted_NeverRuns()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");

        await user.ExecuteAsync("BEGIN");
        var id = await user.StartAsync($"INSERT INTO {user.Schema}.t VALUES (1)");
        await user.ScalarAsync<string>("SELECT df.cancel($1, 'changed my mind')", id);
        await user.ExecuteAsync("COMMIT");

        Assert.Equal("cancelled", await user.EndAsync(id));
        Assert.Equal("canceled: changed my mind", await user.ScalarAsync<string>("SELECT df.error($1)::json ->> 'message'", id));
        await user.RunAsync("SELECT 1 AS later");
        Assert.Equal(0L, await user.CountAsync("t"));
    }

    [Fact]
    public async Task Cancel_RunningStatement_StopsItAtOnceAndRollsItBack()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var id = await user.StartAsync(Graphs.Sequence(
            $"INSERT INTO {user.Schema}.t VALUES (1)",
            $"WITH i AS (INSERT INTO {user.Schema}.t VALUES (2)) SELECT pg_sleep(600)",
            $"INSERT INTO {user.Schema}.t VALUES (3)"));
        await Poll.UntilAsync("the step sleeps", async () =>
            await fixture.Cluster.SessionsAsync($"query LIKE '%{user.Schema}%pg_sleep(600)%' AND state = 'active'") == 1);

        await user.ScalarAsync<string>("SELECT df.cancel($1)", id);
        Assert.Equal("cancelled", await user.ScalarAsync<string>("SELECT df.status($1)", id));
        await Poll.UntilAsync("the statement is stopped", async () =>
            await fixture.Cluster.SessionsAsync($"query LIKE '%{user.Schema}%pg_sleep(600)%' AND state <> 'idle'") == 0);

        Assert.Equal(1L, await user.CountAsync("t"));
    }

    [Fact]
    public async Task Cancel_RolledBack_DoesNothing()
    {
        await using var user = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await user.StartAsync(Graphs.Sequence($"SELECT {gate.Pass}", "SELECT 2 AS n"));
        await gate.WaitedForAsync();

        await user.ExecuteAsync("BEGIN");
        await user.ScalarAsync<string>("SELECT df.cancel($1)", id);
        await user.ExecuteAsync("ROLLBACK");
        await gate.OpenAsync();

        Assert.Equal(2, (await user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Cancel_Finished_StaysAsItIs()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartAsync("SELECT 1");
        await user.ResultAsync(id);
        await user.ScalarAsync<string>("SELECT df.cancel($1)", id);
        Assert.Equal("completed", await user.ScalarAsync<string>("SELECT df.status($1)", id));
    }

    [Fact]
    public async Task Cancel_AnotherRolesInstance_IsNotFound()
    {
        await using var owner = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await owner.StartAsync($"SELECT {gate.Pass}");

        var error = await Assert.ThrowsAsync<PostgresException>(() => other.ScalarAsync<string>("SELECT df.cancel($1)", id));

        Assert.Equal("DF002", error.SqlState);
        await gate.OpenAsync();
        Assert.Equal("completed", await owner.EndAsync(id));
    }

    [Fact]
    public async Task Cancel_ByAStepOfTheInstanceItself_CancelsItAndKeepsWhatTheStepDid()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var cancels = $"WITH i AS (INSERT INTO {user.Schema}.t VALUES (1)) SELECT df.cancel($sys_instance_id, 'done here')";
        var never = $"INSERT INTO {user.Schema}.t VALUES (2)";
        foreach (var graph in (string[])[Graphs.Sequence(cancels, never), Graphs.Sequence(cancels, "VACUUM", never), Graphs.Sql(cancels)])
        {
            await user.ExecuteAsync($"TRUNCATE {user.Schema}.t");
            var id = await user.StartAsync(graph);
            Assert.Equal("cancelled", await user.EndAsync(id));
            Assert.Equal("canceled: done here", await user.ScalarAsync<string>("SELECT df.error($1)::json ->> 'message'", id));
            Assert.Equal("completed", await user.ScalarAsync<string>("SELECT string_agg(status, ',') FROM df.history($1)", id));
            await user.RunAsync("SELECT 1 AS later");
            Assert.Equal(1L, await user.CountAsync("t"));
        }
    }

    // The savepoint that cancelled is its own transaction to PostgreSQL.
    [Fact]
    public async Task Cancel_ByAStepInASavepoint_CancelsTheInstanceOnlyIfItIsKept()
    {
        await using var user = await fixture.UserAsync();
        var kept = await user.StartAsync(
            "DO $x$ BEGIN BEGIN PERFORM df.cancel(id) FROM df.instances WHERE label = 'kept'; EXCEPTION WHEN division_by_zero THEN NULL; "
                + "END; END $x$", label: "kept");
        var undone = await user.StartAsync(
            "DO $x$ BEGIN BEGIN PERFORM df.cancel(id) FROM df.instances WHERE label = 'undone'; PERFORM 1 / 0; "
                + "EXCEPTION WHEN division_by_zero THEN NULL; END; END $x$", label: "undone");

        Assert.Equal("cancelled", await user.EndAsync(kept));
        Assert.Equal("completed", await user.EndAsync(undone));
    }

    [Fact]
    public async Task Cancel_Uncommitted_WhenTheInstanceCompletes_HoldsNobodyUp()
    {
        await using var user = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var worker = await fixture.Cluster.WorkerIdAsync();
        var id = await user.StartAsync($"SELECT {gate.Pass}");
        await gate.WaitedForAsync();

        await user.ExecuteAsync("BEGIN");
        await user.ScalarAsync<string>("SELECT df.cancel($1)", id);
        await gate.OpenAsync();
        await Poll.UntilAsync("the step is over", async () => await fixture.Cluster.SessionsAsync("state = 'active'") == 0);
        for (var i = 0; i < 20; i++)
            await other.RunAsync("SELECT 1 AS n");
        await user.ExecuteAsync("ROLLBACK");

        Assert.Equal("completed", await user.EndAsync(id));
        Assert.Equal(worker, await fixture.Cluster.WorkerIdAsync());
    }

    [Fact]
    public async Task Cancel_Uncommitted_WhenTheInstanceFails_HoldsNobodyUp()
    {
        await using var user = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var worker = await fixture.Cluster.WorkerIdAsync();
        var id = await user.StartAsync($"SELECT 1 / length({gate.Pass})");
        await gate.WaitedForAsync();

        await user.ExecuteAsync("BEGIN");
        await user.ScalarAsync<string>("SELECT df.cancel($1)", id);
        await gate.OpenAsync();
        await Poll.UntilAsync("the step is over", async () => await fixture.Cluster.SessionsAsync("state = 'active'") == 0);
        for (var i = 0; i < 20; i++)
            await other.RunAsync("SELECT 1 AS n");
        await user.ExecuteAsync("ROLLBACK");

        Assert.Equal("22012", (await user.ErrorAsync(id)).GetProperty("sqlstate").GetString());
        Assert.Equal(worker, await fixture.Cluster.WorkerIdAsync());
    }

    // docs/language.md says so.
    [Fact]
    public async Task Cancel_WhateverEncloses_NothingRunsAfterIt()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (what text)");
        string Insert(string what) => TestUser.Literal($"INSERT INTO {user.Schema}.t VALUES ('{what}')");
        await user.ExecuteAsync($"SELECT df.register_workflow('leaf', df.wait_for_signal('never') ~> {Insert("child")})");
        var waits = $"df.race(df.wait_for_signal('never'), df.call('leaf')) ~> {Insert("next")}";
        var id = await user.StartGraphAsync(
            $"df.with_undo({Insert("done")}, {Insert("undo")}) "
            + $"~> df.try(df.retry(df.timeout({waits}, 3600), 3), {Insert("handler")}, {Insert("finally")})");
        await user.WaitingAsync(id, "CALL");

        await user.ExecuteAsync("SELECT df.cancel($1)", id);

        Assert.Equal("cancelled", await user.EndAsync(id));
        await user.RunAsync("SELECT 1 AS later");
        Assert.Equal(["done"], await user.ScalarAsync<string[]>($"SELECT array_agg(what) FROM {user.Schema}.t"));
        Assert.Equal(0L, await user.ScalarAsync<long>("SELECT count(*) FROM df.running"));
    }
}
