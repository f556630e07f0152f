namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>
/// Statements that can't share a transaction with their checkpoint: those that refuse a transaction block, and those of other databases.
/// </summary>
[Collection(WorkerCollection.Name)]
public sealed class OutsideTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Vacuum_OfOwnTable_RunsAsTheRoleAndTheInstanceGoesOn()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var row = await user.RunAsync(Graphs.Sequence($"VACUUM (ANALYZE) {user.Schema}.t", "SELECT 7 AS n"));

        Assert.Equal(7, row.GetProperty("n").GetInt32());
        Assert.NotEqual(0L, await Poll.UntilAsync<object>("the statistics tell of the VACUUM", async () =>
            await fixture.Cluster.ScalarAsync<long>(
                $"SELECT vacuum_count FROM pg_stat_user_tables WHERE relid = '{user.Schema}.t'::regclass") is var n && n > 0 ? n : null));
    }

    [Fact]
    public async Task CreateIndexConcurrently_MakesTheIndexInTheRolesName()
    {
        await using var user = await fixture.UserAsync();
        // The role's own search_path counts, as at a login.
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {user.Role} SET search_path = {user.Schema}");
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        // Not df.await_instance: the statements wait for everybody who looks at the database, so for it too.
        await user.StatusAsync(
            await user.StartAsync(Graphs.Sequence(
                "CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)", "DROP INDEX CONCURRENTLY t_a", "CREATE INDEX CONCURRENTLY t_b ON t (a)")),
            "completed");

        Assert.Equal("t_b", await fixture.Cluster.ScalarAsync<string>(
            $"SELECT string_agg(indexname, ',') FROM pg_indexes WHERE schemaname = '{user.Schema}'"));
    }

    [Fact]
    public async Task Vacuum_OfSomebodyElsesTable_DoesNothingForTheRole()
    {
        await using var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"CREATE TABLE {user.Schema}.theirs (a int)");
        await user.RunToEndAsync(
            Graphs.Sequence($"CREATE TABLE {user.Schema}.own (a int)", $"REINDEX TABLE CONCURRENTLY {user.Schema}.own"));
        var error = await user.FailAsync(Graphs.Sql($"REINDEX TABLE CONCURRENTLY {user.Schema}.theirs"));

        Assert.Equal("42501", error.GetProperty("sqlstate").GetString());
    }

    // Index functions are the only code of the role's that runs outside of the sandbox: it must not get back to the worker's own role.
    [Theory]
    [InlineData("RESET SESSION AUTHORIZATION")]
    [InlineData("RESET ROLE; RESET SESSION AUTHORIZATION; ALTER ROLE {0} SUPERUSER")]
    [InlineData("SET SESSION AUTHORIZATION postgres")]
    [InlineData("ALTER ROLE {0} SUPERUSER")]
    [InlineData("PERFORM set_config(''session_authorization'', ''postgres'', false); ALTER ROLE {0} SUPERUSER")]
    public async Task CreateIndexConcurrently_FunctionThatAttacks_StaysTheRole(string attack)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            $"""
             CREATE TABLE {user.Schema}.t (a int);
             INSERT INTO {user.Schema}.t VALUES (1);
             CREATE FUNCTION {user.Schema}.f(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
                 'BEGIN {string.Format(System.Globalization.CultureInfo.InvariantCulture, attack, user.Role)}; RETURN a; END'
             """);
        var id = await user.StartAsync(Graphs.Sql($"CREATE INDEX CONCURRENTLY ON {user.Schema}.t ({user.Schema}.f(a))"));

        Assert.Equal("failed", await user.EndAsync(id));
        Assert.False(await fixture.Cluster.ScalarAsync<bool>($"SELECT rolsuper FROM pg_roles WHERE rolname = '{user.Role}'"));
    }

    // Maintenance in batches. What was committed stays when a later batch fails.
    [Theory]
    [InlineData("CALL {0}.batches(3)", 3)]
    [InlineData("DO $x$ BEGIN FOR i IN 1 .. 3 LOOP INSERT INTO {0}.t VALUES (i); COMMIT; END LOOP; END $x$", 3)]
    [InlineData("DO $x$ BEGIN INSERT INTO {0}.t VALUES (1); COMMIT; INSERT INTO {0}.t VALUES (2); ROLLBACK; END $x$", 1)]
    public async Task StatementThatCommits_RunsOnceAndTheInstanceGoesOn(string statement, long rows)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            $"""
             CREATE TABLE {user.Schema}.t (a int);
             CREATE PROCEDURE {user.Schema}.batches(n int) LANGUAGE plpgsql AS
                 'BEGIN FOR i IN 1 .. n LOOP INSERT INTO {user.Schema}.t VALUES (i); COMMIT; END LOOP; END'
             """);
        var row = await user.RunAsync(Graphs.Sequence(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, user.Schema),
            $"SELECT count(*) AS n, min(current_user) AS who FROM {user.Schema}.t"));

        Assert.Equal(rows, row.GetProperty("n").GetInt64());
        Assert.Equal(user.Role, row.GetProperty("who").GetString());
    }

    [Fact]
    public async Task StatementThatCommitsAndThenFails_FailsTheStepAndKeepsWhatWasCommitted()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var error = await user.FailAsync(Graphs.Sql($"DO $x$ BEGIN INSERT INTO {user.Schema}.t VALUES (1); COMMIT; "
            + $"INSERT INTO {user.Schema}.t VALUES (2); PERFORM 1 / 0; END $x$"));

        Assert.Equal("22012", error.GetProperty("sqlstate").GetString());
        Assert.Equal(1L, await user.CountAsync("t"));
    }

    [Fact]
    public async Task FunctionThatNeedsNoTransactionBlock_FailsAndStaysInTheSandbox()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            $"CREATE FUNCTION {user.Schema}.f() RETURNS void LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''as if'' USING ERRCODE = "
                + "''25001''; END'");
        var error = await user.FailAsync(Graphs.Sql($"SELECT {user.Schema}.f()"));

        Assert.Equal("as if", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Database_Other_StepsRunThereAndResultsComeBack()
    {
        await using var user = await fixture.UserAsync();
        var database = "d" + user.Schema;
        await fixture.Cluster.ExecuteAsync($"CREATE DATABASE {database}");
        await fixture.Cluster.ExecuteAsync($"GRANT CREATE ON DATABASE {database} TO {user.Role}");
        var graph = """
            'CREATE SCHEMA s CREATE TABLE t (a int)'
            ~> 'INSERT INTO s.t SELECT generate_series(1, 3)'
            ~> ('SELECT a, current_database()::text AS d, session_user::text AS u, current_user::text AS c FROM s.t' |=> 'rows')
            ~> 'VACUUM s.t'
            ~> df.foreach('rows', 'SELECT $item.a * 2 AS twice, $item.d AS d, $item.u = $item.c AND $item.u = session_user AS own')
            """;
        var result = await user.ResultAsync(await user.ScalarAsync<string>($"SELECT df.start({graph}, database => $1)", database));

        Assert.Equal(3, result.GetArrayLength());
        var last = result[2].GetProperty("rows")[0];
        Assert.Equal(
            (6, database, true),
            (last.GetProperty("twice").GetInt32(), last.GetProperty("d").GetString(), last.GetProperty("own").GetBoolean()));
    }

    [Theory]
    [InlineData("SET SESSION AUTHORIZATION postgres")]
    [InlineData("SET ROLE postgres")]
    [InlineData("DO $$ BEGIN RESET ROLE; SET SESSION AUTHORIZATION postgres; END $$")]
    [InlineData("SELECT set_config(''session_authorization'', ''postgres'', false)")]
    public async Task Database_Other_AttackIsRefused(string attack)
    {
        await using var user = await fixture.UserAsync();
        var error = await user.ErrorAsync(await user.ScalarAsync<string>($"SELECT df.start('{attack}', database => 'template1')"));

        Assert.Contains(error.GetProperty("sqlstate").GetString(), (string[])["42501", "0A000"]);
    }

    [Fact]
    public async Task Database_Dropped_FailsWithTheReason()
    {
        await using var user = await fixture.UserAsync();
        var database = "d" + user.Schema;
        await fixture.Cluster.ExecuteAsync($"CREATE DATABASE {database}");
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        await user.ExecuteAsync("BEGIN");
        var id = await user.ScalarAsync<string>("SELECT df.start('SELECT 1', database => $1)", database);
        await fixture.Cluster.ExecuteAsync($"DROP DATABASE {database}");
        await user.ExecuteAsync("COMMIT");
        var error = await user.ErrorAsync(id);

        Assert.Equal($"Failed to connect to database '{database}' as '{user.Role}'. Error: database \"{database}\" does not exist",
            error.GetProperty("message").GetString());
        Assert.Equal("3D000", error.GetProperty("sqlstate").GetString());
    }

    [Fact]
    public async Task Database_WithoutConnectPrivilege_Fails()
    {
        await using var user = await fixture.UserAsync();
        var database = "d" + user.Schema;
        await fixture.Cluster.ExecuteAsync($"CREATE DATABASE {database}");
        await fixture.Cluster.ExecuteAsync($"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC");
        var error = await user.ErrorAsync(await user.ScalarAsync<string>("SELECT df.start('SELECT 1', database => $1)", database));

        Assert.Contains(
            $"permission denied for database \"{database}\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_CancelledWhileRunning_StopsTheStatement()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.ScalarAsync<string>("SELECT df.start('SELECT pg_sleep(600)', database => 'template1')");
        await Poll.UntilAsync("the statement runs", async () =>
            await fixture.Cluster.SessionsAsync("datname = 'template1' AND query LIKE '%pg_sleep(600)%'") == 1);
        await user.ExecuteAsync("SELECT df.cancel($1)", id);

        Assert.Equal("cancelled", await user.EndAsync(id));
        await Poll.UntilAsync("the statement is gone", async () => await fixture.Cluster.SessionsAsync("datname = 'template1'") == 0);
    }
}
