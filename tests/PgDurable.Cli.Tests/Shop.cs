using PgDurable.TestKit;

namespace PgDurable.Cli.Tests;

/// <summary>A server with a worker, the tables that the application's workflows need, and the role that runs them.</summary>
public sealed class Shop : IAsyncLifetime
{
    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PgCluster.StartAsync(new() { Worker = true });
        await Cluster.ExecuteAsync(
            """
            CREATE EXTENSION IF NOT EXISTS pg_durable;
            CREATE ROLE deployer LOGIN;
            """);
    }

    /// <summary>A role with a schema that has everything the workflows need.</summary>
    public async Task<string> RoleAsync()
    {
        var role = "r" + Guid.NewGuid().ToString("N")[..12];
        await Cluster.ExecuteAsync(
            $"""
             CREATE ROLE {role} LOGIN;
             CREATE SCHEMA {role};
             GRANT USAGE ON SCHEMA {role} TO {role};
             ALTER ROLE {role} SET search_path = {role};
             GRANT {role} TO deployer;
             SELECT df.grant_usage('{role}'), df.grant_usage('deployer');
             SET search_path = {role};
             CREATE TABLE orders (order_id bigint PRIMARY KEY, total numeric, note text, age_days int);
             CREATE TABLE audit (order_id bigint, amount numeric, who text);
             CREATE FUNCTION tax_on(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN $1 * 0.2;
             GRANT SELECT, INSERT, UPDATE ON orders, audit TO {role};
             REVOKE EXECUTE ON FUNCTION tax_on(numeric) FROM PUBLIC;
             GRANT EXECUTE ON FUNCTION tax_on(numeric) TO {role}
             """);
        return role;
    }

    /// <summary>Runs the tool, connected as a role.</summary>
    public Task<ToolRun> RunAsync(string role, params string[] arguments) => ToolRun.RunAsync(
        new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = Cluster.ConnectionString(user: role) }, arguments);

    /// <summary>A client that connects as a role.</summary>
    public DurableClient Client(string role) => new(Npgsql.NpgsqlDataSource.Create(Cluster.ConnectionString(user: role)));

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class ShopCollection : ICollectionFixture<Shop>
{
    public const string Name = "shop";
}
