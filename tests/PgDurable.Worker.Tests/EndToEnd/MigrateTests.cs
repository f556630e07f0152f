using System.Text.RegularExpressions;
using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.migrate_instances: running instances go on with another version of their workflow.</summary>
[Collection(WorkerCollection.Name)]
public sealed class MigrateTests(WorkerFixture fixture) : IAsyncLifetime
{
    TestUser _user = null!;

    public async Task InitializeAsync()
    {
        _user = await fixture.UserAsync();
        await _user.ExecuteAsync($"CREATE TABLE {_user.Schema}.log (id int GENERATED ALWAYS AS IDENTITY, instance text, word text)");
    }

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task WaitingForASignal_StepsAppendedAndChanged_GoesOnWithThem()
    {
        var id = await WaitingAsync($"{Log("a", "a")} ~> {Log("b", "b")} ~> (df.wait_for_signal('go') |=> 'go') ~> {Log("old")}");
        await RegisterAsync(
            $"{Log("a", "a")} ~> {Log("b", "b")} ~> (df.wait_for_signal('go') |=> 'go') ~> {Log("new")} ~> {Log("more")} "
                + "~> 'SELECT $a.word || $b.word AS all'");

        Assert.Equal($"{id} true ", await MigrateAsync(1, 2, dryRun: true));
        Assert.Equal("1", await VersionAsync(id));
        Assert.Equal($"{id} true ", await MigrateAsync(1, 2));
        Assert.Equal("", await MigrateAsync(1, 2));
        await _user.WaitingAsync(id, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.signal($1, 'go')", id);

        Assert.Equal("ab", (await _user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("all").GetString());
        Assert.Equal("a,b,new,more", await WordsAsync(id));
        Assert.Equal("2", await VersionAsync(id));
        Assert.Equal(
            "move w version 1 to 2", await _user.ScalarAsync<string>(
                "SELECT concat_ws(' ', action, name, detail) FROM df.audit WHERE instance_id = $1", id));
        Assert.Equal("a,b,go", await _user.ScalarAsync<string>(
            "SELECT string_agg(h.step, ',' ORDER BY h.started_at) FROM df.history($1) h WHERE length(h.step) < 3", id));
    }

    [Fact]
    public async Task Pending_Sleeping_Paused_AndInALoop_Move()
    {
        await RegisterAsync($"{Log("old")}");
        var pending = await _user.ScalarAsync<string>("SELECT df.start_workflow('w', start_at => now() + interval '3 s')");
        await RegisterAsync(Log("new"));
        Assert.Equal($"{pending} true ", await MigrateAsync(1, 2));

        await RegisterAsync($"{Log("a")} ~> df.sleep(3) ~> {Log("old")}", "x");
        var sleeping = await _user.ScalarAsync<string>("SELECT df.start_workflow('x')");
        var paused = await _user.ScalarAsync<string>("SELECT df.start_workflow('x')");
        await _user.WaitingAsync(sleeping, "SLEEP");
        await _user.WaitingAsync(paused, "SLEEP");
        await _user.ExecuteAsync("SELECT df.pause($1)", paused);
        await _user.WaitingAsync(paused, "PAUSED");
        await RegisterAsync($"{Log("a")} ~> df.sleep(3) ~> {Log("new")} ~> {Log("newer")}", "x");
        await _user.ExecuteAsync("SELECT * FROM df.migrate_instances('x', 1, 2)");

        await RegisterAsync($"df.loop(df.wait_for_signal('next') ~> {Log("old")} ~> df.if('SELECT false', df.break(), 'SELECT 1'))", "y");
        var loop = await _user.ScalarAsync<string>("SELECT df.start_workflow('y')");
        for (var i = 1; i <= 2; i++)
        {
            await _user.WaitingAsync(loop, "SIGNAL");
            await _user.ExecuteAsync("SELECT df.signal($1, 'next')", loop);
            var n = i;
            await Poll.UntilAsync("it has gone round", async () => (await WordsAsync(loop)).Split("old").Length == n + 1);
        }
        await _user.WaitingAsync(loop, "SIGNAL");
        await RegisterAsync($"df.loop(df.wait_for_signal('next') ~> {Log("new")} ~> df.break(), 'SELECT true') ~> {Log("end")}", "y");
        await RegisterAsync($"df.loop(df.wait_for_signal('next') ~> {Log("new")} ~> df.break()) ~> {Log("end")}", "y");
        Assert.Equal("true", await _user.ScalarAsync<string>("SELECT moved::text FROM df.migrate_instances('y', 1, 3)"));
        await _user.WaitingAsync(loop, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.signal($1, 'next'), df.resume($2)", loop, paused);

        foreach (var id in new[] { pending, sleeping, paused, loop })
            await _user.ResultAsync(id);
        Assert.Equal("new", await WordsAsync(pending));
        Assert.Equal("a,new,newer", await WordsAsync(sleeping));
        Assert.Equal("a,new,newer", await WordsAsync(paused));
        Assert.Equal("old,old,new,end", await WordsAsync(loop));
    }

    [Theory]
    [InlineData("A(a) ~> df.wait_for_signal('go') ~> A(b)", "A(c) ~> df.wait_for_signal('go') ~> A(b)", "step \"a\" (node 00000002) *")]
    [InlineData("A(a) ~> df.wait_for_signal('go')", "df.wait_for_signal('go') ~> A(a)", "step \"a\" (node 00000001) *")]
    [InlineData("A(a) ~> df.wait_for_signal('go')", "A(a) ~> df.wait_for_signal('come')", "step \"SIGNAL 'go'\" (node 00000002) *")]
    [InlineData("A(a) ~> df.wait_for_signal('go')", "A(a) ~> df.wait_for_signal('go', 60)", "step \"SIGNAL 'go'\" (node 00000002) *")]
    [InlineData("A(a) ~> df.wait_for_signal('go')", "A(a)", "step \"SIGNAL 'go'\" (node 00000002) *")]
    [InlineData("df.join(A(a) ~> df.wait_for_signal('go'), A(b))", "df.join(A(a) ~> df.wait_for_signal('go') ~> A(c), A(b))", null)]
    [InlineData(
        "df.join(A(a) ~> df.wait_for_signal('go'), A(b))",
        "df.join(A(a) ~> df.wait_for_signal('go'), A(b) ~> A(c))", "step \"b\" (node 00000004) *")]
    [InlineData(
        "df.join(df.wait_for_signal('go'), A(b))",
        "df.join3(df.wait_for_signal('go'), A(b), A(c))", "step \"JOIN\" (node 00000000) *")]
    [InlineData("df.race(df.wait_for_signal('go'), df.sleep(1000))", "df.race(df.wait_for_signal('go') ~> A(a), df.sleep(1000))", null)]
    [InlineData(
        "df.race(df.wait_for_signal('go'), df.sleep(1000))",
        "df.race(df.wait_for_signal('go'), df.break())", "step \"SLEEP 1000s\" *")]
    [InlineData(
        "('SELECT 1 AS n UNION ALL SELECT 2' |=> 'r') ~> df.foreach('r', df.wait_for_signal('go') ~> A(a))",
        "('SELECT 1 AS n UNION ALL SELECT 2' |=> 'r') ~> df.foreach('r', df.wait_for_signal('go') ~> A(b))",
        "step \"a\" (node 00000005) *")]
    [InlineData(
        "df.if('SELECT true', A(a) ~> df.wait_for_signal('go'), A(b))",
        "df.if('SELECT true', A(a) ~> df.wait_for_signal('go') ~> A(d), A(c) ~> A(b))", null)]
    [InlineData(
        "df.if('SELECT true', A(a), A(b)) ~> df.wait_for_signal('go')",
        "df.if('SELECT true', A(a) ~> A(c), A(b)) ~> df.wait_for_signal('go')", "step \"a\" *")]
    [InlineData("df.try(df.wait_for_signal('go'), A(a))", "df.try(df.wait_for_signal('go') ~> A(c), A(b), A(d))", null)]
    [InlineData(
        "df.timeout(df.wait_for_signal('go'), 100)",
        "df.timeout(df.wait_for_signal('go'), 50)", "step \"TIMEOUT\" (node 00000000) *")]
    [InlineData(
        "df.with_undo(A(a), A(u)) ~> df.wait_for_signal('go')",
        "df.with_undo(A(a), A(v)) ~> df.wait_for_signal('go')", "step \"u\" (node 00000003) *")]
    [InlineData("df.undo_on_cancel(A(a) ~> df.wait_for_signal('go'))", "df.undo_on_cancel(A(a) ~> df.wait_for_signal('go') ~> A(b))", null)]
    [InlineData(
        "df.undo_on_cancel(A(a) ~> df.wait_for_signal('go'))",
        "A(a) ~> df.wait_for_signal('go') ~> A(b)", "step \"RACE\" (node 00000000) *")]
    public async Task Instance_MovesOnlyWhereTheGraphsAreTheSame(string old, string changed, string? problem)
    {
        var id = await WaitingAsync(Expand(old));
        await RegisterAsync(Expand(changed));

        var result = await MigrateAsync(1, 2);
        if (problem is not null)
            Assert.StartsWith($"{id} false {problem[..^1]}", result, StringComparison.Ordinal);
        else
            Assert.Equal($"{id} true ", result);
        await _user.WaitingAsync(id, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.signal($1, 'go'), df.signal($1, 'go'), df.signal($1, 'go')", id);
        await _user.ResultAsync(id);
        var words = (await WordsAsync(id)).Split(',');
        Assert.Equal(words.Distinct().Count(), words.Length - (old.Contains("foreach", StringComparison.Ordinal) ? 1 : 0));
        Assert.Equal(
            "completed", await _user.ScalarAsync<string>("SELECT status FROM df.nodes WHERE instance_id = $1 AND id = '00000000'", id));
    }

    [Fact]
    public async Task ActivityUnderWay_MovesOnlyIfItKeepsItsKey()
    {
        await RegisterAsync($"{Log("a")} ~> (df.activity('charge') |=> 'receipt') ~> {Log("old")}");
        var id = await _user.ScalarAsync<string>("SELECT df.start_workflow('w')");
        await _user.WaitingAsync(id, "ACTIVITY");
        await RegisterAsync($"{Log("a")} ~> (df.activity('charge') |=> 'receipt') ~> {Log("new")} ~> {Log("more")}");
        await RegisterAsync($"{Log("a")} ~> (df.activity('charge') |=> 'receipt') ~> {Log("new")}");

        Assert.Equal(
            $"{id} false step \"receipt\" (node 00000003) is under way, and its idempotency key would change: try again once it has ended",
            await MigrateAsync(1, 2));
        Assert.Equal($"{id} true ", await MigrateAsync(1, 3));
        await _user.ExecuteAsync("SELECT df.complete_task(t.task, t.token, '1') FROM df.claim_tasks('{charge}', 10) t");
        await _user.ResultAsync(id);
        Assert.Equal("a,new", await WordsAsync(id));
    }

    [Fact]
    public async Task WaitingForAChild_TakesItsResult()
    {
        await RegisterAsync("df.wait_for_signal('go') ~> 'SELECT 7 AS n'", "child");
        await RegisterAsync($"{Log("a")} ~> (df.call('child') |=> 'first') ~> {Log("old")}");
        var id = await _user.ScalarAsync<string>("SELECT df.start_workflow('w')");
        await _user.WaitingAsync(id, "CALL");
        await RegisterAsync($"{Log("a")} ~> (df.call('child') |=> 'first') ~> {Log("new")} ~> 'SELECT $first.n AS n'");
        Assert.Equal($"{id} true ", await MigrateAsync(1, 2));
        var child = await _user.ScalarAsync<string>("SELECT id FROM df.instances WHERE workflow = 'child'");
        await _user.WaitingAsync(child, "SIGNAL");
        await _user.ExecuteAsync("SELECT df.signal($1, 'go')", child);

        Assert.Equal(7, (await _user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("n").GetInt32());
        Assert.Equal("a,new", await WordsAsync(id));
        Assert.Equal(1L, await _user.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE workflow = 'child'"));
    }

    [Fact]
    public async Task InHand_OfAnotherRole_AndUndoing_StayWhereTheyAre()
    {
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        await RegisterAsync($"'SELECT {gate.Pass.Replace("'", "''", StringComparison.Ordinal)}' ~> {Log("old")}");
        var id = await _user.ScalarAsync<string>("SELECT df.start_workflow('w')");
        await gate.WaitedForAsync();
        await RegisterAsync($"'SELECT {gate.Pass.Replace("'", "''", StringComparison.Ordinal)}' ~> {Log("new")}");
        Assert.Equal($"{id} false a worker has it in hand: try again, or pause it first", await MigrateAsync(1, 2));

        // A role that has a workflow of the same name, with the same versions.
        await using var other = await fixture.UserAsync();
        await other.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1'), df.register_workflow('w', 'SELECT 2')");
        Assert.Equal(0L, await other.ScalarAsync<long>("SELECT count(*) FROM df.migrate_instances('w', 1, 2)"));
        var number = await fixture.Cluster.ScalarAsync<long>($"SELECT instance_no FROM df.submissions WHERE id = '{id}'");
        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            other.ExecuteAsync($"INSERT INTO df.moves (instance_no, version) VALUES ({number}, 2)"));
        Assert.Equal("42501", error.SqlState);
        error = await Assert.ThrowsAsync<PostgresException>(() => other.ScalarAsync<string>("SELECT df.move_problem($1, 'SELECT 1')", id));
        Assert.Equal("DF002", error.SqlState);
        error = await Assert.ThrowsAsync<PostgresException>(() =>
            _user.ExecuteAsync($"INSERT INTO df.moves (instance_no, version) VALUES ({number}, 9)"));
        Assert.Equal("DF014", error.SqlState);
        await gate.OpenAsync();
        await _user.ResultAsync(id);
        Assert.Equal("old", await WordsAsync(id));
    }

    async Task<string> WaitingAsync(string graph)
    {
        await RegisterAsync(graph);
        var id = await _user.ScalarAsync<string>("SELECT df.start_workflow('w')");
        await _user.WaitingAsync(id, "SIGNAL");
        return id;
    }

    string Expand(string graph) => Regex.Replace(
        graph, @"A\((\w+)\)", match => Log(match.Groups[1].Value, match.Groups[1].Value));

    string Log(string word, string? name = null)
    {
        var step = $"'INSERT INTO {_user.Schema}.log (instance, word) VALUES ($sys_instance_id, ''{word}'') RETURNING word'";
        return name is null ? step : $"({step} |=> '{name}')";
    }

    Task RegisterAsync(string graph, string name = "w") => _user.ExecuteAsync($"SELECT df.register_workflow('{name}', {graph})");

    Task<string> MigrateAsync(int from, int to, bool dryRun = false) => _user.ScalarAsync<string>(
        $"SELECT coalesce(string_agg(id || ' ' || moved || ' ' || coalesce(reason, ''), E'\\n'), '') "
            + $"FROM df.migrate_instances('w', {from}, {to}, dry_run => {dryRun})");

    Task<string> VersionAsync(string id) =>
        _user.ScalarAsync<string>("SELECT workflow_version::text FROM df.instances WHERE id = $1", id);

    Task<string> WordsAsync(string id) => _user.ScalarAsync<string>(
        $"SELECT coalesce(string_agg(word, ',' ORDER BY id), '') FROM {_user.Schema}.log WHERE instance = $1", id);
}
