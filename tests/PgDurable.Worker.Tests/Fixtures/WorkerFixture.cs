namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>One server with the extension and the worker that it starts, for the tests that leave both alive.</summary>
public sealed class WorkerFixture : IAsyncLifetime
{
    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await Clusters.WithExtensionAsync(worker: true);
        await Cluster.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT TEMPORARY ON DATABASE postgres TO PUBLIC");
    }

    public Task<TestUser> UserAsync(string? role = null) => TestUser.CreateAsync(Cluster, role);

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class WorkerCollection : ICollectionFixture<WorkerFixture>
{
    public const string Name = "worker";
}
