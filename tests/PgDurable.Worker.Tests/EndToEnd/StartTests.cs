using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.start and what can be asked about an instance.</summary>
[Collection(WorkerCollection.Name)]
public sealed class StartTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Start_SameKeyFromTenConnections_IsOneInstance()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var ready = new Barrier(10);

        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            await using var connection = await user.ConnectAsync();
            ready.SignalAndWait(TimeSpan.FromSeconds(20));
            await using var start = new NpgsqlCommand(
                $"SELECT df.start_graph('INSERT INTO {user.Schema}.t VALUES (1)', idempotency_key => 'once')", connection);
            return (string)(await start.ExecuteScalarAsync())!;
        })));

        Assert.Single(ids.Distinct());
        await user.ResultAsync(ids[0]);
        Assert.Equal(ids[0], await user.StartAsync("SELECT 'another graph'", key: "once"));
        Assert.Equal(1L, await user.CountAsync("t"));
        Assert.Equal(1L, await user.ScalarAsync<long>("SELECT count(*) FROM df.instances"));
    }

    [Fact]
    public async Task Start_SameKeyOfAnotherRole_IsAnotherInstance()
    {
        await using var one = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        Assert.NotEqual(await one.StartAsync("SELECT 1", key: "k"), await other.StartAsync("SELECT 1", key: "k"));
    }

    [Fact]
    public async Task Start_RolledBack_NeverRuns()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a text)");

        await user.ExecuteAsync("BEGIN");
        var id = await user.StartAsync($"INSERT INTO {user.Schema}.t VALUES ('rolled back')");
        await user.ExecuteAsync("ROLLBACK");
        await user.ResultAsync(await user.StartAsync($"INSERT INTO {user.Schema}.t VALUES ('committed')"));

        Assert.Equal("committed", await fixture.Cluster.ScalarAsync<string>($"SELECT string_agg(a, ',') FROM {user.Schema}.t"));
        Assert.True(await user.ScalarAsync<bool>("SELECT df.status($1) IS NULL", id));
    }

    [Fact]
    public async Task Start_InOpenTransaction_IsInvisibleToTheWorkerUntilItCommits()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("BEGIN");
        var id = await user.StartAsync("SELECT 1");
        var error = await Assert.ThrowsAsync<PostgresException>(() => user.ScalarAsync<string>("SELECT df.await_instance($1, 1)", id));
        await user.ExecuteAsync("ROLLBACK");
        Assert.Equal("DF004", error.SqlState);
        Assert.Contains(id, error.MessageText);
    }

    [Fact]
    public async Task AwaitInstance_RunsTooLong_TimesOutAndTheInstanceGoesOn()
    {
        await using var user = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await user.StartAsync($"SELECT {gate.Pass}");

        var error = await Assert.ThrowsAsync<PostgresException>(() => user.ScalarAsync<string>("SELECT df.await_instance($1, 1)", id));

        Assert.Equal("DF004", error.SqlState);
        Assert.Contains("running", error.MessageText);
        await gate.OpenAsync();
        Assert.Equal("completed", await user.EndAsync(id));
    }

    [Fact]
    public async Task ListInstances_ShowsStatusAndOutput()
    {
        await using var user = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        await user.ResultAsync(await user.StartAsync("SELECT 1 AS n", label: "good"));
        await user.ErrorAsync(await user.StartAsync("SELECT 1/0", label: "bad"));
        var cancelled = await user.StartAsync($"SELECT {gate.Pass}", label: "cancelled");
        await user.ScalarAsync<string>("SELECT df.cancel($1, 'no more')", cancelled);
        var waiting = await user.StartAsync($"SELECT {gate.Pass}", label: "waiting");
        await user.RunningAsync(waiting);

        var list = await user.ScalarAsync<string>(
            "SELECT string_agg(concat_ws(' ', label, status, output), '; ' ORDER BY label) FROM df.list_instances()");

        Assert.Equal(
            """bad failed division by zero; cancelled cancelled canceled: no more; good """
                + """completed {"rows":[{"n":1}],"row_count":1,"rows_affected":0}; waiting running""",
            list);
        Assert.Equal("bad", await user.ScalarAsync<string>("SELECT string_agg(label, ',') FROM df.list_instances('failed')"));
        Assert.Equal("waiting", await user.ScalarAsync<string>("SELECT string_agg(label, ',') FROM df.list_instances(NULL, 1)"));
        await gate.OpenAsync();
        await user.EndAsync(waiting);
    }

    [Fact]
    public async Task Error_SaysWhatWhereAndWhatToDo()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");

        var error = await user.FailAsync(Graphs.Sequence(
            ("name", "SELECT 'it''s' AS n"),
            ("boom",
                $"""
                 DO $do$ BEGIN
                     INSERT INTO {user.Schema}.t VALUES (1);
                     RAISE EXCEPTION 'broken: %', $name.n USING ERRCODE = 'P0042', DETAIL = 'the detail', HINT = 'the hint';
                 END $do$
                 """),
            (null, $"INSERT INTO {user.Schema}.t VALUES (2)")));

        Assert.Equal("broken: it's", error.GetProperty("message").GetString());
        Assert.Equal("P0042", error.GetProperty("sqlstate").GetString());
        Assert.Equal("the detail", error.GetProperty("detail").GetString());
        Assert.Equal("the hint", error.GetProperty("hint").GetString());
        Assert.Equal("boom", error.GetProperty("step").GetString());
        Assert.Equal(1, error.GetProperty("attempt").GetInt32());
        Assert.Contains("RAISE EXCEPTION 'broken: %', 'it''s' USING", error.GetProperty("sql").GetString());
        Assert.Equal(0L, await user.CountAsync("t"));
    }

    [Fact]
    public async Task Commit_DeferredConstraintFails_FailsTheStepAndLeavesNothing()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            $"""
             CREATE TABLE {user.Schema}.parent (id int PRIMARY KEY);
             CREATE TABLE {user.Schema}.child (parent int REFERENCES {user.Schema}.parent DEFERRABLE INITIALLY DEFERRED)
             """);

        var error = await user.FailAsync(Graphs.Sequence(
            ("good", $"INSERT INTO {user.Schema}.parent VALUES (1)"), ("bad", $"INSERT INTO {user.Schema}.child VALUES (1), (2)"),
            (null, "SELECT 1")));

        Assert.Equal("23503", error.GetProperty("sqlstate").GetString());
        Assert.Equal("bad", error.GetProperty("step").GetString());
        Assert.Equal((1L, 0L), (await user.CountAsync("parent"), await user.CountAsync("child")));
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task Step_TransientErrorAtFirst_IsTriedAgain(string sqlState)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE SEQUENCE {user.Schema}.attempts; CREATE TABLE {user.Schema}.t (a int)");

        var id = await user.StartAsync(
            $"""
             DO $do$ BEGIN
                 INSERT INTO {user.Schema}.t VALUES (1);
                 IF nextval('{user.Schema}.attempts') < 3 THEN RAISE EXCEPTION 'again' USING ERRCODE = '{sqlState}'; END IF;
             END $do$
             """);
        await user.ResultAsync(id);

        Assert.Equal(1L, await user.CountAsync("t"));
        Assert.Equal(3, await user.ScalarAsync<int>("SELECT attempt FROM df.history($1)", id));
    }

    [Fact]
    public async Task Commit_ErrorThatLooksTransientOrFenced_EndsTheInstance()
    {
        await using var user = await fixture.UserAsync();
        foreach (var raise in (string[])["ERRCODE = 'DF001'", "ERRCODE = 'unique_violation', SCHEMA = 'df', TABLE = 'checkpoints'",
            "ERRCODE = '55P03'"])
        {
            await user.ExecuteAsync(
                $"""
                 DROP TABLE IF EXISTS {user.Schema}.t;
                 CREATE TABLE {user.Schema}.t (a int);
                 CREATE OR REPLACE FUNCTION {user.Schema}.f() RETURNS trigger LANGUAGE plpgsql AS
                     $f$ BEGIN RAISE EXCEPTION 'at commit' USING {raise}; END $f$;
                 CREATE CONSTRAINT TRIGGER t AFTER INSERT ON {user.Schema}.t DEFERRABLE INITIALLY DEFERRED
                     FOR EACH ROW EXECUTE FUNCTION {user.Schema}.f()
                 """);

            var error = await user.FailAsync($"INSERT INTO {user.Schema}.t VALUES (1)");

            Assert.Equal("at commit", error.GetProperty("message").GetString());
        }
    }
}
