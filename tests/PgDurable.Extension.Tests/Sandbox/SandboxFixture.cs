using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>A server with the extension, two roles, and everything that sealing a step needs.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PgCluster.StartAsync(new() { Settings = new Dictionary<string, string> { ["max_prepared_transactions"] = "5" } });
        await Cluster.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_durable");
        await Cluster.CreateRoleAsync("alice");
        await Cluster.CreateRoleAsync("bob");
        // Stands for df._commit_step: SECURITY DEFINER, executable by the user.
        await Cluster.ExecuteAsync(
            """
            DROP SCHEMA IF EXISTS checkpoint CASCADE;
            CREATE SCHEMA checkpoint;
            CREATE FUNCTION checkpoint.seal(p_token bytea) RETURNS boolean
                LANGUAGE c STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
                AS 'pg_durable', 'pg_durable_seal';
            CREATE FUNCTION checkpoint.fail(p_token bytea) RETURNS boolean
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
                AS 'BEGIN RAISE EXCEPTION ''no checkpoint''; END';
            GRANT USAGE ON SCHEMA checkpoint TO PUBLIC;

            DROP SCHEMA IF EXISTS alice CASCADE;
            CREATE SCHEMA alice AUTHORIZATION alice;
            CREATE TABLE IF NOT EXISTS public.trace (id serial PRIMARY KEY, what text, who text);
            GRANT ALL ON public.trace TO PUBLIC;
            GRANT ALL ON SEQUENCE public.trace_id_seq TO PUBLIC;
            GRANT TEMPORARY ON DATABASE postgres TO PUBLIC;
            GRANT SELECT ON public.trace TO pgdurable_worker;
            """);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SandboxCollection : ICollectionFixture<SandboxFixture>
{
    public const string Name = "sandbox";
}
