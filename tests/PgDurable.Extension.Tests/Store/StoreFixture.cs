using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Store;

/// <summary>One server with the extension and no worker: the tests play the workers. Each test begins with empty tables.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PgCluster.StartAsync();
        await Cluster.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_durable");
        await Cluster.CreateRoleAsync("alice");
        await Cluster.ExecuteAsync("SELECT df.grant_usage('alice')");

        // Without the C module, one role owns the schema, starts the instances and runs them.
        await Cluster.ExecuteAsync("DROP DATABASE IF EXISTS portable");
        await Cluster.CreateRoleAsync("carol");
        await Cluster.ExecuteAsync("ALTER ROLE carol LOGIN");
        await Cluster.ExecuteAsync("CREATE DATABASE portable OWNER carol");
        await using var connection = await Cluster.ConnectAsync("portable", "carol");
        await PgDurableSchema.InstallAsync(connection);
    }

    public Task EmptyAsync(string? database = null) => Cluster.ExecuteAsync(
        """
        TRUNCATE df.graphs, df.submissions, df.queue, df.checkpoints, df.outcomes, df.cancellations, df.signals, df.wakeups, df.pauses,
                 df.retries, df.vars, df.registrations, df.schedule_changes, df.schedule_entries, df.schedule_runs, df.watches, df.workers,
                 df.task_queue, df.task_grants, df.task_watches, df.published_state, df.tags, df.audit, df.bulks, df.deletions
        """, database);

    /// <summary>A session of the submitting role.</summary>
    public async Task<TestSession> UserAsync()
    {
        var session = new TestSession(await Cluster.ConnectAsync());
        await session.ExecuteAsync("SET ROLE alice");
        return session;
    }

    public Task<TestWorker> WorkerAsync() => TestWorker.RegisterAsync(Cluster);

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class StoreCollection : ICollectionFixture<StoreFixture>
{
    public const string Name = "store";
}
