namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>A server with the extension and without a worker of its own.</summary>
public sealed class WorkerlessServer : IAsyncLifetime
{
    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await Clusters.WithExtensionAsync(worker: false);

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
