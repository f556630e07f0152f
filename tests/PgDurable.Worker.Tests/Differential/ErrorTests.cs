using Npgsql;

namespace PgDurable.Worker.Tests.Differential;

/// <summary>
/// A statement's own error is its own: reported once, with its SQLSTATE, wherever it runs; only a connection that is gone is a reason to
/// try again.
/// </summary>
[Collection(OneConnection.Name)]
public sealed class ErrorTests(OneConnection fixture)
{
    private const string Count = "CREATE SEQUENCE tries; CREATE FUNCTION failing(state text) RETURNS int LANGUAGE plpgsql "
        + "AS $$ BEGIN PERFORM nextval('tries'); RAISE 'as asked' USING ERRCODE = state; END $$";

    public static TheoryData<string> States => new("XX000", "XX001", "58030", "58P01", "53200", "57P01", "57P02", "57P03", "F0000", "22012",
        "42883", "42804", "42601", "42P01", "22P02", "0A000");

    [Theory]
    [MemberData(nameof(States))]
    public async Task Error_OfAnyClass_IsReportedOnce(string state)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(Count);

        // The second is sent together with the commit of the first.
        var row = await user.RunGraphAsync($"df.try('SELECT 1' ~> 'SELECT failing(''{state}'')', 'SELECT $error.sqlstate AS state, "
            + "$error.message AS message, nextval(''tries'') AS n')");

        Assert.Equal($$"""{"n": 2, "state": "{{state}}", "message": "as asked"}""", row.GetRawText());
    }

    // With another reading of the value it could only fail again.
    [Theory]
    [InlineData("42883")]
    [InlineData("42804")]
    [InlineData("22P02")]
    public async Task Error_OfAFunctionThatTakesAValue_IsReportedOnce(string state)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(Count);

        var row = await user.RunGraphAsync($"('SELECT ''{state}'' AS v' |=> 'x') ~> df.try('SELECT failing($x)', "
            + "'SELECT $error.sqlstate AS state, nextval(''tries'') AS n')");

        Assert.Equal($$"""{"n": 2, "state": "{{state}}"}""", row.GetRawText());
    }

    [Fact]
    public async Task Statement_ThatCannotBeRead_HasNotRun()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(Count);

        var id =
            await user.StartGraphAsync("('SELECT 5::int8 AS n, ''x'' AS t' |=> 'x') ~> 'SELECT nextval(''tries''), missing($x.n, $x.t)'");

        // The error is that of the first reading.
        var error = await user.ErrorAsync(id);
        Assert.Equal("function missing(bigint, unknown) does not exist", error.GetProperty("message").GetString());
        Assert.Equal("SELECT nextval('tries'), missing(('5'::pg_catalog.int8), 'x')", error.GetProperty("sql").GetString());
        Assert.Equal(1L, await user.ScalarAsync<long>("SELECT nextval('tries')"));
    }

    [Fact]
    public async Task Error_OfAnotherReading_IsThatOfTheStatementThatRan()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(Count + "; CREATE TABLE t (a int UNIQUE); INSERT INTO t VALUES (5)");

        var id = await user.StartGraphAsync("('SELECT 5::int8 AS n' |=> 'x') ~> 'INSERT INTO t SELECT length(repeat(''*'', $x))'");

        var error = await user.ErrorAsync(id);
        Assert.Equal("23505", error.GetProperty("sqlstate").GetString());
        Assert.Equal("INSERT INTO t SELECT length(repeat('*', 5))", error.GetProperty("sql").GetString());
    }

    // Code is read as it runs. What it did before the statement that can't be read is rolled back, but not what no transaction takes back.
    [Fact]
    public async Task Block_ThatNeedsAnotherReading_RunsAgain()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(Count + "; CREATE TABLE t (a int, b jsonb)");

        var row = await user.RunGraphAsync(
            """
            ('SELECT ''x'' AS v' |=> 'x')
              ~> 'DO $$ BEGIN PERFORM nextval(''tries''); INSERT INTO t VALUES (1); UPDATE t SET b = to_jsonb($x); END $$'
              ~> 'SELECT nextval(''tries'') AS n, a, b FROM t'
            """);

        Assert.Equal("""{"a": 1, "b": "x", "n": 3}""", row.GetRawText());
    }

    [Fact]
    public async Task Value_InAnotherDatabase_HasTheSameReadings()
    {
        await using var user = await fixture.UserAsync();
        var database = $"values_{user.Schema}";
        await fixture.Cluster.ExecuteAsync($"CREATE DATABASE {database}");

        var id = await user.ScalarAsync<string>(
            "SELECT df.start(('SELECT count(*) + 3 AS n FROM generate_series(1, 2)' |=> 'x') ~> 'SELECT repeat(''*'', $x) AS v', "
                + "database => $1)", database);

        Assert.Equal("""[{"v": "*****"}]""", (await user.ResultAsync(id)).GetProperty("rows").GetRawText());
    }

    [Theory]
    [InlineData("XX000")]
    [InlineData("57P01")]
    public async Task Error_AtTheCommit_IsReportedOnce(string state)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            $"""
             {Count};
             CREATE TABLE t (a int);
             CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM failing('{state}'); RETURN NULL; END $$;
             CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late();
             """);

        var row = await user.RunGraphAsync("df.try('INSERT INTO t VALUES (1)' ~> 'SELECT 1', 'SELECT $error.sqlstate AS state, "
            + "nextval(''tries'') AS n, (SELECT count(*) FROM t) AS rows')");

        Assert.Equal($$"""{"n": 2, "rows": 0, "state": "{{state}}"}""", row.GetRawText());
    }

    [Fact]
    public async Task Error_OfAStandaloneStatement_IsReportedOnce()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("CREATE TABLE t AS SELECT 1 AS a FROM generate_series(1, 2)");

        // Not df.await_instance: the statement waits for everybody who looks at the database.
        var id = await user.StartAsync("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)");
        await user.StatusAsync(id, "failed");

        Assert.Equal("23505", (await user.ErrorAsync(id)).GetProperty("sqlstate").GetString());
        Assert.Equal(1L, await user.ScalarAsync<long>("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass"));
    }

    [Theory]
    [InlineData("P0001")]
    [InlineData("XX000")]
    public async Task Error_InAnotherDatabase_IsReportedOnce(string state)
    {
        await using var user = await fixture.UserAsync();
        var database = $"other_{user.Schema}";
        await fixture.Cluster.ExecuteAsync($"CREATE DATABASE {database}");
        var other = new NpgsqlConnectionStringBuilder(fixture.Cluster.ConnectionString()) { Database = database, Pooling = false };
        await using var there = new NpgsqlConnection(other.ConnectionString);
        await there.OpenAsync();
        await using (var create = new NpgsqlCommand(
            $"CREATE SEQUENCE public.tries; GRANT USAGE ON SEQUENCE public.tries TO {user.Role}", there))
            await create.ExecuteNonQueryAsync();

        var id = await user.ScalarAsync<string>(
            "SELECT df.start($1, database => $2)",
            $"DO $$ BEGIN PERFORM nextval('public.tries'); RAISE 'as asked' USING ERRCODE = '{state}'; END $$", database);

        Assert.Equal(state, (await user.ErrorAsync(id)).GetProperty("sqlstate").GetString());
        await using var tries = new NpgsqlCommand("SELECT last_value FROM public.tries", there);
        Assert.Equal(1L, await tries.ExecuteScalarAsync());
    }
}
