using PgDurable.Upgrade.Tests.Fixtures;

namespace PgDurable.Upgrade.Tests;

/// <summary>The newest release, updated to the tree's version while a thousand instances of every kind run.</summary>
public sealed class UpdateTests
{
    /// <summary>In the order of docs/upgrading.md, with a crash in between each two steps.</summary>
    [ReleaseFact]
    public async Task FilesServerSchema_WithCrashesBetween_EachInstanceDoesItsWorkOnce()
    {
        await using var run = await Run.StartAsync();
        await run.WorksAsync(Release.Version);

        // The launcher starts the new program, under the old module and with the old schema.
        run.Files.InstallTree();
        await run.Cluster.KillWorkerAsync();
        await run.WorksAsync(PgDurableSchema.Version);
        await run.CallAsync();

        await run.Cluster.KillServerAsync();
        await run.Cluster.StartServerAsync();
        await run.WorksAsync(PgDurableSchema.Version);
        await run.CallAsync();

        await run.ExecuteAsync("SELECT df.bulk('signal', 'kind:bulked', signal_name => 'bulk', batch_size => 1)");
        await run.Cluster.ExecuteAsync("ALTER EXTENSION pg_durable UPDATE");
        await run.Cluster.KillWorkerAsync();
        await run.WorksAsync(PgDurableSchema.Version);
        await run.CallAsync();
        await run.AssertEachDidItsWorkOnceAsync();
    }
}
