namespace PgDurable.Worker.Tests.Identity;

/// <summary>A server with its worker, an attacker, and a victim with something to steal.</summary>
public sealed class AttackFixture : IAsyncLifetime
{
    public const string Secret = "v1ct1ms-s3cret";

    int _worker;

    public PgCluster Cluster { get; private set; } = null!;

    public TestUser Mallory { get; private set; } = null!;

    public TestUser Victim { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // Few connections, so that attacker and victim share them.
        Cluster = await Clusters.WithExtensionAsync(worker: true, ("pg_durable.max_user_connections", "2"));
        Mallory = await TestUser.CreateAsync(Cluster, "mallory");
        Victim = await TestUser.CreateAsync(Cluster, "victim");
        await Victim.ExecuteAsync($"CREATE TABLE {Victim.Schema}.secrets AS SELECT '{Secret}' AS s");
        await Victim.ResultAsync(await Victim.StartAsync($"SELECT s FROM {Victim.Schema}.secrets", label: Secret));
        await Mallory.ExecuteAsync(
            $$"""
              CREATE TABLE {{Mallory.Schema}}.loot (what text);
              CREATE FUNCTION {{Mallory.Schema}}.commits() RETURNS int LANGUAGE plpgsql AS 'BEGIN COMMIT; RETURN 1; END';
              GRANT USAGE ON SCHEMA {{Mallory.Schema}} TO PUBLIC;
              GRANT INSERT ON {{Mallory.Schema}}.loot TO PUBLIC
              """);
        _worker = await Cluster.WorkerIdAsync();
    }

    /// <summary>
    /// The attack gained nothing: the worker lives, the roles are what they were, and the victim's next instances are its own.
    /// </summary>
    public async Task AssertHarmlessAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var row = await Victim.RunAsync(
                "SELECT session_user AS s, current_user AS c, current_setting('search_path') AS path, s AS secret, 1 + 1 = 2 AS sane "
                    + $"FROM {Victim.Schema}.secrets");
            Assert.Equal("victim victim", $"{row.GetProperty("s").GetString()} {row.GetProperty("c").GetString()}");
            Assert.Equal("\"$user\", public", row.GetProperty("path").GetString());
            Assert.Equal(Secret, row.GetProperty("secret").GetString());
            Assert.True(row.GetProperty("sane").GetBoolean());
        }
        Assert.Equal(_worker, await Cluster.WorkerIdAsync());
        Assert.Equal("mallory,pgdurable_worker,victim", await Cluster.ScalarAsync<string>(
            """
            SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles
             WHERE oid >= 16384 AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
               AND NOT EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)
            """));
        Assert.Equal(0L, await Cluster.ScalarAsync<long>($"SELECT count(*) FROM {Mallory.Schema}.loot"));
        Assert.Equal(0L, await Cluster.ScalarAsync<long>(
            "SELECT count(*) FROM df.queue q WHERE NOT EXISTS (SELECT FROM df.workers w WHERE w.worker_id = q.worker_id) "
                + "OR q.worker_id IS NULL"));
    }

    public async Task DisposeAsync()
    {
        await Mallory.DisposeAsync();
        await Victim.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
