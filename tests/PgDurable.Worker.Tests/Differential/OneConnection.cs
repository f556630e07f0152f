namespace PgDurable.Worker.Tests.Differential;

/// <summary>A worker that runs all steps on one connection, so that what comes often is prepared.</summary>
public sealed class OneConnection : IAsyncLifetime
{
    public const string Name = "one connection";

    HostedWorker _worker = null!;

    public PgCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await Clusters.WithExtensionAsync(worker: false);
        _worker = await HostedWorker.StartAsync(Cluster.ConnectionString(), options => options.MaxConcurrentSteps = 1);
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>A role whose search_path is its own schema.</summary>
    public async Task<TestUser> UserAsync()
    {
        var user = await TestUser.CreateAsync(Cluster);
        await Cluster.ExecuteAsync($"ALTER ROLE {user.Role} SET search_path = {user.Schema}, public");
        await user.ExecuteAsync($"SET search_path = {user.Schema}, public");
        return user;
    }
}

[CollectionDefinition(OneConnection.Name)]
public sealed class OneConnectionCollection : ICollectionFixture<OneConnection>;
