using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>A server with a worker, without autovacuum, and a DBA who is no superuser.</summary>
public sealed class RunbooksServer : IAsyncLifetime
{
    private const string Role = "dba";

    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PgCluster.StartAsync(new()
        {
            Worker = true,
            Settings = new Dictionary<string, string>
            {
                ["shared_preload_libraries"] = "pg_durable,pg_stat_statements",
                ["autovacuum"] = "off",
            },
        });
        await Cluster.ExecuteAsync(
            $"""
             CREATE EXTENSION pg_durable;
             CREATE EXTENSION pgstattuple;
             CREATE EXTENSION pg_stat_statements;
             CREATE ROLE {Role} LOGIN;
             GRANT CREATE ON DATABASE postgres TO {Role};
             GRANT CREATE ON SCHEMA public TO {Role};
             GRANT pg_stat_scan_tables, pg_monitor TO {Role};
             SELECT df.grant_usage('{Role}')
             """);
    }

    /// <summary>What the file prints. The parameters are those of psql: name=value.</summary>
    public Task<string> RunAsync(string file, params string[] parameters)
    {
        var path = Path.Combine(RepositoryRoot.Path, "samples", "Runbooks", file);
        return Cluster.RunProgramAsync("psql", ["-XAt", "-U", Role, .. parameters.SelectMany(each => new[] { "-v", each }), "-f", path]);
    }

    /// <summary>As the DBA.</summary>
    public Task ExecuteAsync(string sql) => Cluster.ExecuteAsync($"SET SESSION AUTHORIZATION {Role}; {sql}");

    /// <summary>As the DBA.</summary>
    public Task<T> ScalarAsync<T>(string sql) => Cluster.ScalarAsync<T>($"SET SESSION AUTHORIZATION {Role}; {sql}");

    public Task<string> StartAsync(string workflow) => ScalarAsync<string>($"SELECT df.start_workflow('{workflow}')");

    /// <summary>The first row of the result of an instance that completes, or the message of its error.</summary>
    public async Task<string> EndAsync(string id)
    {
        await UntilAsync($"{id} has ended", $"df.status('{id}') NOT IN ('pending', 'running')");
        return await ScalarAsync<string>($"SELECT coalesce(df.result('{id}')::json -> 'rows' ->> 0, df.error('{id}')::json ->> 'message')");
    }

    public Task UntilAsync(string what, string condition) =>
        Poll.UntilAsync(what, () => Cluster.ScalarAsync<bool>($"SELECT {condition}"), TimeSpan.FromMinutes(1));

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
