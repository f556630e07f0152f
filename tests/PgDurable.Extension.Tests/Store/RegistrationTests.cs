using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Store;

/// <summary>Releases register workflows again and again, from several places at once.</summary>
public sealed class RegistrationTests(StoreFixture fixture) : StoreTest(fixture)
{
    private const string Versions = "SELECT version FROM df.workflow_versions WHERE workflow = 'w' ORDER BY 1";

    [Fact]
    public async Task Register_SameGraphFromTenConnections_IsOneVersion()
    {
        Assert.All(await FromTenAsync(_ => "SELECT df.register_workflow('w', 'SELECT 1')"), version => Assert.Equal(1, version));
        Assert.Equal([1], await User.ColumnAsync<int>(Versions));
        Assert.All(
            await FromTenAsync(_ => "SELECT df.register_workflow('w', 'SELECT 1', version => 1)"), version => Assert.Equal(1, version));
    }

    // Committed between the look and the write, so nothing conflicts with the next number.
    [Fact]
    public async Task Register_SameGraphWasRegisteredMeanwhile_IsTheSameVersion()
    {
        await using var other = await Fixture.UserAsync();
        await using var connection = await Fixture.Cluster.ConnectAsync();
        await ExecuteAsync("BEGIN; LOCK TABLE df.registrations IN SHARE MODE");
        var writing = other.ScalarAsync<int>("SELECT df.register_workflow('w', 'SELECT 1')");
        await Poll.UntilAsync("the other one is about to write", async () => await Worker.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'df.registrations'::regclass") > 0);
        await ExecuteAsync("SET LOCAL ROLE alice; SELECT df.register_workflow('w', 'SELECT 1'); COMMIT");

        Assert.Equal(1, await writing);
        Assert.Equal([1], await User.ColumnAsync<int>(Versions));

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Register_TenGraphsFromTenConnections_AreTenVersions()
    {
        var versions = await FromTenAsync(i => $"SELECT df.register_workflow('w', 'SELECT {i}')");
        Assert.Equal(Enumerable.Range(1, 10), versions.Order());
        for (var i = 0; i < 10; i++)
            Assert.Equal($"SELECT {i}", await User.ScalarAsync<string>(
                "SELECT g.graph::json ->> 'query' FROM df.registrations r JOIN df.graphs g USING (graph_id) WHERE r.version = $1",
                versions[i]));
    }

    [Fact]
    public async Task Register_TwoGraphsUnderOneVersion_OneIsRefused()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            await using var session = await Fixture.UserAsync();
            try
            {
                return await session.ScalarAsync<int>($"SELECT df.register_workflow('w', 'SELECT {i % 2}', 1)");
            }
            catch (PostgresException e)
            {
                Assert.Equal(("42710", "version 1 of workflow \"w\" is registered with another graph"), (e.SqlState, e.MessageText));
                Assert.Matches("by postgres with content hash [0-9a-f]{12}; the new graph's is [0-9a-f]{12}", e.Detail);
                return 0;
            }
        }));
        Assert.Equal((5, 5), (results.Count(version => version == 1), results.Count(version => version == 0)));
    }

    [Fact]
    public async Task Register_RolledBack_LeavesNothingAndLetsOthersGoOn()
    {
        await using var other = await Fixture.UserAsync();
        await User.ExecuteAsync("BEGIN");
        Assert.Equal(1, await User.ScalarAsync<int>("SELECT df.register_workflow('w', 'SELECT 1')"));
        var waiting = other.ScalarAsync<int>("SELECT df.register_workflow('w', 'SELECT 2')");
        await Poll.UntilAsync("the other one waits for the first", async () => await Worker.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%register_workflow%'") > 0);
        await User.ExecuteAsync("ROLLBACK");

        Assert.Equal(1, await waiting);
        Assert.Equal("""{"node_type":"SQL","query":"SELECT 2"}""",
            await User.ScalarAsync<string>("SELECT g.graph FROM df.registrations r JOIN df.graphs g USING (graph_id)"));
    }

    // A migration registers a workflow, starts it, and fails.
    [Fact]
    public async Task Register_AndStartRolledBack_LeavesNothing()
    {
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await User.ExecuteAsync("SELECT df.start_workflow('w')");
        await User.ExecuteAsync("ROLLBACK");
        Assert.Empty(await User.ColumnAsync<int>(Versions));
        Assert.Equal(0, await Worker.CountAsync("submissions"));
        Assert.Equal(0, await Worker.CountAsync("graphs"));
    }

    [Fact]
    public async Task Register_Unchanged_WritesNothing()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1', description => 'first', sources => '{a.cs:1}')");
        await using var other = await Fixture.UserAsync();
        await other.ExecuteAsync("BEGIN READ ONLY");
        Assert.Equal(
            1, await other.ScalarAsync<int>("SELECT df.register_workflow('w', 'SELECT 1', description => 'again', sources => '{a.cs:1}')"));
    }

    [Fact]
    public async Task Register_ReplaceFromTenConnections_IsOneVersionWithOneGraph()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 0')");
        Assert.All(
            await FromTenAsync(i => $"SELECT df.register_workflow('w', 'SELECT {1 + (i % 2)}', 1, replace => true)"),
            version => Assert.Equal(1, version));
        Assert.Matches("SELECT [12]", await User.ScalarAsync<string>(
            "SELECT g.graph::json ->> 'query' FROM df.registrations r JOIN df.graphs g USING (graph_id)"));
    }

    // Several processes of an application that has just been rebuilt.
    [Fact]
    public async Task Register_ReplacedMeanwhileByTheSameGraph_WritesNothing()
    {
        const string Replace = "SELECT df.register_workflow('w', 'SELECT 2', 1, replace => true)";
        const string Record = "SELECT concat_ws(' ', registered_at, graph_id) FROM df.registrations";
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await using var other = await Fixture.UserAsync();
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync(Replace);
        var replaced = await User.ScalarAsync<string>(Record);
        var waiting = other.ScalarAsync<int>(Replace);
        await Poll.UntilAsync("the other one waits for the first", async () => await Worker.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%register_workflow%'") > 0);
        await User.ExecuteAsync("COMMIT");

        Assert.Equal(1, await waiting);
        Assert.Equal(replaced, await User.ScalarAsync<string>(Record));
    }

    [Fact]
    public async Task Register_Replace_RecordsWhoAndWhen()
    {
        const string Record = "SELECT registered_at > $1 AND registered_by = 'postgres'::regrole FROM df.workflow_versions";
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        var first = await User.ScalarAsync<DateTime>("SELECT registered_at FROM df.workflow_versions");
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1', 1, replace => true)");
        Assert.False(await User.ScalarAsync<bool>(Record, first));
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 2', 1, replace => true)");
        Assert.True(await User.ScalarAsync<bool>(Record, first));
        foreach (var column in (string[])["registered_by = current_user::regrole", "registered_at = 'epoch'", "graph_id = 1"])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => User.ExecuteAsync($"UPDATE df.registrations SET {column}"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    // A running instance keeps the version that it started with, no matter what is registered meanwhile.
    [Fact]
    public async Task Register_NextVersion_RunningInstancesKeepTheirs()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        var old = await User.ScalarAsync<string>("SELECT df.start_workflow('w')");
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 2')");
        var young = await User.ScalarAsync<string>("SELECT df.start_workflow('w')");

        Assert.Equal(["1 SELECT 1", "2 SELECT 2"], await User.ColumnAsync<string>(
            """
            SELECT concat_ws(' ', s.workflow_version, g.graph::json ->> 'query') FROM df.submissions s JOIN df.graphs g USING (graph_id)
             WHERE s.id IN ($1, $2) ORDER BY s.workflow_version
            """, old!, young!));
        Assert.Equal("2 2 2", await User.ScalarAsync<string>("SELECT concat_ws(' ', latest_version, versions, running) FROM df.workflows"));
    }

    private async Task<int[]> FromTenAsync(Func<int, string> statement)
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Fixture.UserAsync()));
        try
        {
            return await Task.WhenAll(sessions.Select((session, i) => session.ScalarAsync<int>(statement(i))));
        }
        finally
        {
            foreach (var session in sessions)
                await session.DisposeAsync();
        }
    }
}
