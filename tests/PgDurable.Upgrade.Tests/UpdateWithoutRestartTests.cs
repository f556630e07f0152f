using PgDurable.Upgrade.Tests.Fixtures;

namespace PgDurable.Upgrade.Tests;

/// <summary>The newest release with the tree's schema: another order than that of docs/upgrading.md.</summary>
public sealed class UpdateWithoutRestartTests
{
    /// <summary>Without the restart: the old worker and the old module in every session, with the new schema.</summary>
    [ReleaseFact]
    public async Task SchemaUnderTheOldModuleAndWorker_EachInstanceDoesItsWorkOnce()
    {
        await using var run = await Run.StartAsync();
        await run.WorksAsync(Release.Version);
        var worker = run.Cluster.WorkerPid;
        await using var session = await run.Cluster.ConnectAsync(user: "app");

        run.Files.InstallTree();
        await run.ExecuteAsync("SELECT df.bulk('signal', 'kind:bulked', signal_name => 'bulk', batch_size => 1)");
        await run.Cluster.ExecuteAsync("ALTER EXTENSION pg_durable UPDATE");
        await run.WorksAsync(Release.Version);
        await run.CallAsync();
        var id = await Run.ExecuteAsync(session, "SELECT df.start('SELECT 1')");
        Assert.Equal("completed", await Run.ExecuteAsync(session, $"SELECT df.await_instance('{id}')"));
        Assert.Equal(worker, run.Cluster.WorkerPid);

        await run.Cluster.StopServerAsync();
        await run.Cluster.StartServerAsync();
        await run.WorksAsync(PgDurableSchema.Version);
        await run.AssertEachDidItsWorkOnceAsync();
    }
}
