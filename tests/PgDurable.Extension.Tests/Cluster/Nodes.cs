using Npgsql;
using PgDurable.Extension.Tests.Schema;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Cluster;

/// <summary>
/// Three servers, and a stand-in for the extension citus that has what df uses of it: pg_dist_node, and run_command_on_all_nodes, which
/// runs the command on each server as the caller, in a session of its own there.
/// </summary>
sealed class Nodes : IAsyncDisposable
{
    private const string Citus = """
        CREATE SCHEMA citus;
        CREATE TABLE citus.pg_dist_node (nodeid int PRIMARY KEY, nodename text, nodeport int);
        ALTER TABLE citus.pg_dist_node SET SCHEMA pg_catalog;
        GRANT SELECT ON pg_dist_node TO PUBLIC;
        CREATE FUNCTION run_command_on_all_nodes(
            command text, parallel bool DEFAULT true, give_warning_for_connection_errors bool DEFAULT false,
            OUT nodeid int, OUT success bool, OUT result text) RETURNS SETOF record
        LANGUAGE plpgsql AS $$
        DECLARE
            n record;
        BEGIN
            FOR n IN SELECT * FROM pg_dist_node ORDER BY pg_dist_node.nodeid DESC LOOP
                nodeid := n.nodeid;
                BEGIN
                    SELECT true, a.r INTO success, result
                      FROM dblink_standin.as_caller(
                               pg_catalog.format('host=%s port=%s user=%s dbname=postgres', n.nodename, n.nodeport, current_user),
                               command) a (r text);
                EXCEPTION WHEN others THEN
                    success := false;
                    result := pg_catalog.concat_ws(' ', 'ERROR: ', SQLERRM);
                END;
                RETURN NEXT;
            END LOOP;
        END $$;
        """;

    // Citus has its own way to log in. dblink's lets only superusers in without a password.
    private const string Login = """
        CREATE SCHEMA dblink_standin;
        GRANT USAGE ON SCHEMA dblink_standin TO PUBLIC;
        CREATE EXTENSION dblink SCHEMA dblink_standin;
        CREATE FUNCTION dblink_standin.as_caller(address text, command text) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            RETURN QUERY SELECT * FROM dblink_standin.dblink(address, command) a (r text);
        END $$;
        """;

    readonly List<PgCluster> _servers = [];
    ExtensionScripts? _scripts;

    /// <summary>The one on which the functions are called.</summary>
    public PgCluster Coordinator => _servers[0];

    /// <summary>All of them.</summary>
    public IReadOnlyList<PgCluster> All => _servers;

    public static async Task<Nodes> StartAsync()
    {
        var nodes = new Nodes();
        try
        {
            await nodes.PrepareAsync();
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    async Task PrepareAsync()
    {
        for (var i = 0; i < 3; i++)
            _servers.Add(await PgCluster.StartAsync());
        _scripts = await ExtensionScripts.OpenAsync(Coordinator);
        await _scripts.WriteAsync(
            "citus.control", "default_version = '13.2'\nschema = pg_catalog\nrelocatable = false\nsuperuser = true\nrequires = 'dblink'\n");
        await _scripts.WriteAsync("citus--13.2.sql", Citus);
        foreach (var server in _servers)
        {
            await server.ExecuteAsync(
                "CREATE EXTENSION pg_durable; CREATE ROLE tenant LOGIN; CREATE ROLE chief LOGIN; CREATE ROLE mallory LOGIN");
            await server.ExecuteAsync(Login);
            await server.ExecuteAsync("CREATE EXTENSION citus");
        }
        foreach (var server in _servers)
        {
            for (var i = 0; i < _servers.Count; i++)
            {
                var address = new NpgsqlConnectionStringBuilder(_servers[i].ConnectionString());
                await server.ExecuteAsync($"INSERT INTO pg_dist_node VALUES ({i + 1}, '{address.Host}', {address.Port})");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        if (_scripts is not null)
            await _scripts.DisposeAsync();
    }
}
