using Npgsql;

namespace PgDurable.Extension.Tests.Store;

// Each in a session that has started the same graph before, whose plans are therefore kept.
public sealed partial class StartKnownTests
{
    [Fact]
    public async Task StartKnown_SearchPathFullOfTraps_LooksUpNothingThere()
    {
        await using var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync("CREATE SCHEMA trap AUTHORIZATION alice");
        try
        {
            await user.ExecuteAsync(
                """
                SET search_path = trap, pg_catalog;
                CREATE FUNCTION trap.trapped() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
                CREATE FUNCTION trap.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT trap.trapped()::timestamptz';
                CREATE FUNCTION trap.quote_ident(text) RETURNS text LANGUAGE sql AS 'SELECT trap.trapped()';
                CREATE FUNCTION trap.hashtextextended(text, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT trap.trapped()::bigint';
                CREATE FUNCTION trap.texteq(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT trap.trapped()::boolean';
                CREATE FUNCTION trap.int8eq(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT trap.trapped()::boolean';
                CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.texteq);
                CREATE OPERATOR trap.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.int8eq);
                CREATE TABLE trap.submissions (LIKE df.submissions);
                CREATE TABLE trap.graphs AS SELECT graph_id, owner, graph, unused_at, sources, hash FROM df.graphs LIMIT 0;
                CREATE TABLE trap.pg_roles (rolname text);
                CREATE DOMAIN trap.json AS text CHECK (trap.trapped() IS NULL);
                CREATE DOMAIN trap.regrole AS text CHECK (trap.trapped() IS NULL);
                """);
            foreach (var path in (string[])["trap, pg_catalog", "trap", "pg_temp, trap, pg_catalog"])
            {
                await user.ExecuteAsync($"SET search_path = {path}");
                await user.ExecuteAsync("SELECT df.start('SELECT 1')");
                Assert.NotNull(await user.ScalarAsync<string>(Known));
            }
            Assert.Equal((6, 0), (await user.ScalarAsync<long>("SELECT pg_catalog.count(*) FROM df.submissions"),
                await user.ScalarAsync<long>("SELECT pg_catalog.count(*) FROM trap.submissions")));
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("SET client_min_messages = warning; DROP SCHEMA trap CASCADE");
        }
    }

    [Theory]
    [InlineData("INSERT (label) ON df.submissions")]
    [InlineData("SELECT ON df.submissions")]
    [InlineData("SELECT ON df.graphs")]
    [InlineData("SELECT ON df.vars")]
    [InlineData("EXECUTE ON FUNCTION df.start(text, text, text, text)")]
    [InlineData("EXECUTE ON FUNCTION df._submit(text, integer, text, text, text, jsonb, text, timestamptz, text[])", false)]
    [InlineData("USAGE ON SCHEMA df")]
    public async Task Start_RightWasRevoked_IsRefused(string right, bool isNeeded = true)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await fixture.Cluster.ExecuteAsync($"REVOKE {right} FROM alice");
        try
        {
            if (isNeeded)
                Assert.Equal("42501", await ErrorAsync(user, "SELECT df.start('SELECT 1')"));
            else
                await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync($"GRANT {right} TO alice");
        }
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
    }

    [Fact]
    public async Task Start_SessionChangesItsRole_StartsAsThatRoleAndFindsOnlyItsOwn()
    {
        await fixture.Cluster.CreateRoleAsync("bob");
        await fixture.Cluster.ExecuteAsync("SELECT df.grant_usage('bob')");
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1'), df.start('SELECT 1')");
        await user.ExecuteAsync("RESET ROLE");
        Assert.Equal("DF011", await ErrorAsync(user, "SELECT df.start('SELECT 1')"));
        await user.ExecuteAsync("SET ROLE bob");
        Assert.Null(await user.ScalarAsync<string>(Known));
        Assert.Equal("DF014", await ErrorAsync(user, "SELECT df.start_workflow('w')"));
        await user.ExecuteAsync("SELECT df.start('SELECT 1') FROM generate_series(1, 2)");
        await user.ExecuteAsync("RESET ROLE");
        Assert.Equal(["alice alice 1", "bob bob 2"], await user.ColumnAsync<string>(
            """
            SELECT concat_ws(' ', s.submitted_by, g.owner, count(*)) FROM df.submissions s JOIN df.graphs g USING (graph_id)
             GROUP BY s.submitted_by, g.owner ORDER BY 1
            """));
    }

    // Who may act as alice, or reads past row security, still has no share in her graphs.
    [Fact]
    public async Task Start_RoleThatSeesTheGraphsOfOthers_UsesItsOwn()
    {
        await fixture.Cluster.CreateRoleAsync("dora");
        await fixture.Cluster.ExecuteAsync("ALTER ROLE dora BYPASSRLS; GRANT alice TO dora; SELECT df.grant_usage('dora')");
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1'), df.start('SELECT 1')");
        await user.ExecuteAsync("RESET ROLE");
        await user.ExecuteAsync("SET ROLE dora");
        Assert.Null(await user.ScalarAsync<string>(Known));
        Assert.Equal("DF014", await ErrorAsync(user, "SELECT df.start_workflow('w')"));
    }

    [Fact]
    public async Task Start_InAFunctionOfAnotherRole_IsThatRolesStart()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await fixture.Cluster.CreateRoleAsync("carol");
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE SCHEMA lent AUTHORIZATION alice;
            GRANT USAGE ON SCHEMA lent TO carol;
            SET ROLE alice;
            CREATE FUNCTION lent.start() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_temp
                AS $$SELECT df.start('SELECT 1')$$;
            """);
        try
        {
            await using var carol = new TestSession(await fixture.Cluster.ConnectAsync());
            await carol.ExecuteAsync("SET ROLE carol");
            await carol.ExecuteAsync("SELECT lent.start()");
            Assert.Equal(2, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("SET client_min_messages = warning; DROP SCHEMA lent CASCADE");
        }
    }

    [Fact]
    public async Task Start_RowSecurityOffOrReadOnly_IsRefused()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await user.ExecuteAsync("SET row_security = off");
        Assert.Equal("42501", await ErrorAsync(user, "SELECT df.start('SELECT 1')"));
        await user.ExecuteAsync("RESET row_security");
        await user.ExecuteAsync("SET default_transaction_read_only = on");
        Assert.Equal("25006", await ErrorAsync(user, "SELECT df.start('SELECT 1')"));
    }

    [Fact]
    public async Task StartWorkflow_VersionWasDropped_IsRefused()
    {
        await using var user = await PreparedAsync(await fixture.UserAsync());
        await user.ExecuteAsync("SELECT df.cancel(df.start_workflow('w'))");
        await user.ExecuteAsync("SELECT df.drop_workflow_version('w', 2)");
        Assert.Equal("DF014", await ErrorAsync(user, "SELECT df.start_workflow('w', version => 2)"));
        await user.ExecuteAsync("SELECT df.cancel(df.start_workflow('w'))");
        Assert.Equal([2, 1], await user.ColumnAsync<int>("SELECT workflow_version FROM df.submissions ORDER BY instance_no"));
        await user.ExecuteAsync("SELECT df.drop_workflow_version('w', 1)");
        Assert.Equal("DF014", await ErrorAsync(user, "SELECT df.start_workflow('w')"));
    }

    [Theory]
    [InlineData("df.start_graph('SELECT 1', input)")]
    [InlineData("df.start_workflow('w', input)")]
    [InlineData("df._start_known('SELECT 1', NULL, NULL, NULL, input, NULL, NULL, NULL)", false)]
    public async Task Start_InputThatIsTooLarge_IsRefused(string start, bool isRefused = true)
    {
        await using var user = await PreparedAsync(await fixture.UserAsync());
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        var sql =
            $"SELECT {start} FROM (SELECT to_jsonb(string_agg(gen_random_uuid()::text, '')) FROM generate_series(1, 470000)) i (input)";
        if (isRefused)
            Assert.Equal("54000", await ErrorAsync(user, sql));
        else
            Assert.Null(await user.ScalarAsync<string>(sql));
        Assert.Equal(1, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
    }

    [Fact]
    public async Task Start_ExtensionWasCreatedAgain_GoesOn()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await user.ExecuteAsync("RESET ROLE");
        await user.ExecuteAsync("BEGIN");
        await user.ExecuteAsync("DROP EXTENSION pg_durable CASCADE");
        await user.ExecuteAsync("CREATE EXTENSION pg_durable");
        await user.ExecuteAsync("SELECT df.grant_usage('alice')");
        await user.ExecuteAsync("SET ROLE alice");
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        Assert.NotNull(await user.ScalarAsync<string>(Known));
        Assert.Equal(2, await user.ScalarAsync<long>("SELECT count(*) FROM df.queue"));
        await user.ExecuteAsync("ROLLBACK");
        await user.ExecuteAsync("SET ROLE alice");
        Assert.NotNull(await user.ScalarAsync<string>(Known));
    }

    [Fact]
    public async Task Start_StatementFailsAfterwards_LeavesNothing()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await user.ExecuteAsync("BEGIN");
        await user.ExecuteAsync("SAVEPOINT s");
        Assert.Equal("22012", await ErrorAsync(user, "SELECT 1 / (length(df.start('SELECT 1')) - 8)"));
        await user.ExecuteAsync("ROLLBACK TO s");
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await user.ExecuteAsync("COMMIT");
        Assert.Equal(2, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
    }

    private static async Task<string> ErrorAsync(TestSession session, string sql) =>
        (await Assert.ThrowsAsync<PostgresException>(() => session.ExecuteAsync(sql))).SqlState;
}
