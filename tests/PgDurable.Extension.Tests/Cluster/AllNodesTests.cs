using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Cluster;

/// <summary>df.grant_usage_on_all_nodes and its siblings, on three servers (<see cref="Nodes"/>).</summary>
public sealed class AllNodesTests
{
    private const string List =
        "SELECT coalesce(string_agg(concat_ws(' ', node, label, status), ', ' ORDER BY node, label), '') "
            + "FROM df.list_instances_on_all_nodes";

    [NeedsDblinkFact]
    public async Task GrantListRevoke_EveryNodeTakesPart()
    {
        await using var nodes = await Nodes.StartAsync();
        await nodes.Coordinator.ExecuteAsync(
            "SELECT df.grant_usage_on_all_nodes('tenant'), df.grant_usage_on_all_nodes('chief', true, true)");
        foreach (var (server, i) in nodes.All.Select((server, i) => (server, i + 1)))
        {
            await ExecuteAsync(server, "tenant", $"SELECT df.start('SELECT 1', 'tenant''s {i}')");
            await ExecuteAsync(server, "chief", "SELECT df.start(df.http('https://example.com/', 'GET'), 'chief')");
        }
        await ExecuteAsync(nodes.All[2], "tenant", "SELECT df.cancel(id) FROM df.instances");

        // Each sees its own, newest first, wherever it asks.
        Assert.Equal(
            "1 tenant's 1 pending, 2 tenant's 2 pending, 3 tenant's 3 cancelled", await ExecuteAsync(nodes.All[1], "tenant", List + "()"));
        Assert.Equal("1 tenant's 1 pending, 2 tenant's 2 pending", await ExecuteAsync(nodes.Coordinator, "tenant", List + "('pending')"));
        Assert.Equal("3 tenant's 3 cancelled", await ExecuteAsync(nodes.Coordinator, "tenant", List + "(limit_count => 1)"));
        Assert.Equal("2 tenant's 2 pending", await ExecuteAsync(nodes.Coordinator, "tenant", List + "(label_filter => 'tenant''s 2')"));
        Assert.Equal("1 chief pending, 2 chief pending, 3 chief pending", await ExecuteAsync(nodes.Coordinator, "chief", List + "()"));
        Assert.Equal("", await nodes.Coordinator.ScalarAsync<string>(List + "(label_filter => 'x'' OR true --')"));

        // An administrator of the workflows, who is no superuser, does the same.
        await ExecuteAsync(nodes.Coordinator, "chief", "SELECT df.grant_usage_on_all_nodes('mallory')");
        foreach (var server in nodes.All)
            await ExecuteAsync(server, "mallory", "SELECT df.start('SELECT 1')");
        await nodes.Coordinator.ExecuteAsync("SELECT df.revoke_usage_on_all_nodes('tenant')");
        await ExecuteAsync(nodes.Coordinator, "chief", "SELECT df.revoke_usage_on_all_nodes('mallory')");
        foreach (var server in nodes.All)
            foreach (var role in (string[])["tenant", "mallory"])
                Assert.False(await server.ScalarAsync<bool>($"SELECT has_schema_privilege('{role}', 'df', 'USAGE')"));
    }

    [NeedsDblinkFact]
    public async Task OneNodeIsNotReady_NothingIsGrantedAnywhere_AndTheListSaysSo()
    {
        await using var nodes = await Nodes.StartAsync();
        await nodes.All[1].ExecuteAsync("DROP ROLE tenant");
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => nodes.Coordinator.ExecuteAsync("SELECT df.grant_usage_on_all_nodes('tenant')"));
        Assert.StartsWith("nothing was changed on any node, because not all are ready: ", error.MessageText, StringComparison.Ordinal);
        Assert.Contains("role \"tenant\" does not exist", error.MessageText, StringComparison.Ordinal);
        Assert.Contains($":{Port(nodes.All[1])}: ", error.MessageText, StringComparison.Ordinal);
        Assert.False(await nodes.Coordinator.ScalarAsync<bool>("SELECT has_schema_privilege('tenant', 'df', 'USAGE')"));

        await nodes.Coordinator.ExecuteAsync("SELECT df.grant_usage_on_all_nodes('chief', with_grant => true)");
        error = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(nodes.Coordinator, "chief", "SELECT df.grant_usage_on_all_nodes('none such')"));
        Assert.Contains("role \"none such\" does not exist", error.MessageText, StringComparison.Ordinal);

        // It was ready and fails all the same: the error says what has been done.
        await nodes.All[2].ExecuteAsync(
            "CREATE OR REPLACE FUNCTION df.grant_usage(p_role text, include_http boolean DEFAULT false, with_grant boolean DEFAULT false) "
                + "RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'no more'; END $$");
        error = await Assert.ThrowsAsync<PostgresException>(
            () => nodes.Coordinator.ExecuteAsync("SELECT df.grant_usage_on_all_nodes('mallory')"));
        Assert.Contains($":{Port(nodes.All[2])}: ERROR:  no more", error.MessageText, StringComparison.Ordinal);
        Assert.Contains($":{Port(nodes.Coordinator)}, ", error.Detail, StringComparison.Ordinal);

        await ExecuteAsync(nodes.Coordinator, "chief", "SELECT df.start('SELECT 1', 'a')");
        await nodes.All[2].StopServerAsync();
        error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(nodes.Coordinator, "chief", List + "()"));
        Assert.Contains($":{Port(nodes.All[2])} did not answer", error.MessageText, StringComparison.Ordinal);
        Assert.Equal("1 a pending", await ExecuteAsync(nodes.Coordinator, "chief", List + "(skip_unreachable => true)"));
    }

    [NeedsDblinkFact]
    public async Task FunctionsOfThatName_ThatAreNotOfTheExtension_AreNotCalled()
    {
        await using var cluster = await PgCluster.StartAsync();
        await cluster.ExecuteAsync(
            "CREATE EXTENSION pg_durable; CREATE ROLE mallory LOGIN; CREATE ROLE tenant; GRANT CREATE ON SCHEMA public TO mallory");
        const string trap =
            """
            CREATE FUNCTION run_command_on_all_nodes(command text, parallel bool DEFAULT true, warn bool DEFAULT false, OUT nodeid int,
                                                     OUT success bool, OUT result text) RETURNS SETOF record LANGUAGE plpgsql AS $$
            BEGIN ALTER ROLE mallory SUPERUSER; RETURN QUERY SELECT 1, true, 'ready'; END $$;
            CREATE TABLE pg_dist_node (nodeid int, nodename text, nodeport int);
            """;
        await ExecuteAsync(cluster, "mallory", "SET search_path = public;" + trap);
        foreach (var call in (string[])["df.grant_usage_on_all_nodes('tenant')", "df.revoke_usage_on_all_nodes('tenant')",
                     "df.list_instances_on_all_nodes()"])
        {
            var error = await Assert.ThrowsAsync<PostgresException>(
                () => cluster.ExecuteAsync($"SET search_path = public, pg_catalog; SELECT {call}"));
            Assert.Equal(PostgresErrorCodes.FeatureNotSupported, error.SqlState);
        }
        Assert.False(await cluster.ScalarAsync<bool>("SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'"));
    }

    static int Port(PgCluster server) => new NpgsqlConnectionStringBuilder(server.ConnectionString()).Port;

    static async Task<string?> ExecuteAsync(PgCluster server, string role, string sql)
    {
        await using var session = await server.ConnectAsync(user: role);
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync() as string;
    }
}
