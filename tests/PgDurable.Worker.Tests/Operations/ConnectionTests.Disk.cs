namespace PgDurable.Worker.Tests.Operations;

/// <content>A disk that is full.</content>
public sealed partial class ConnectionTests
{
    [Fact]
    [Trait("Needs", "root")]
    public async Task Disk_FullForAWhile_NothingFailsAndNothingIsLost()
    {
        var folder = $"/tmp/pgd-tiny-{Guid.NewGuid():N}";
        Directory.CreateDirectory(folder);
        if (!await RanAsync("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder))
            return; // only root can, and not everywhere
        try
        {
            Assert.True(await RanAsync(
                "chown", Environment.GetEnvironmentVariable("PGDURABLE_OSUSER") is { Length: > 0 } account ? account : "postgres", folder));
            await using var user = await TestUser.CreateAsync(Cluster);
            await Cluster.ExecuteAsync($"CREATE TABLESPACE tiny LOCATION '{folder}'");
            await Cluster.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int) TABLESPACE tiny; "
                + $"ALTER TABLE {user.Schema}.t OWNER TO {user.Role}; CREATE TABLE public.filler (t text) TABLESPACE tiny");
            await Cluster.ExecuteAsync("ALTER TABLE df.checkpoints SET TABLESPACE tiny");
            await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString());
            await user.RunAsync("SELECT 1");
            await FillAsync();

            var ids = new List<string>();
            for (var i = 0; i < 10; i++)
                ids.Add(await user.StartGraphAsync($"'INSERT INTO {user.Schema}.t SELECT n FROM generate_series(1, 300) n' "
                    + "~> df.sleep(0) ~> 'SELECT repeat(''x'', 9000) AS v'"));
            await Poll.UntilAsync(
                "the worker has met it", () => Task.FromResult(worker.Log.Any(line => line.Contains("53100", StringComparison.Ordinal))));
            await Cluster.ExecuteAsync("DROP TABLE public.filler");
            await Cluster.ExecuteAsync("CHECKPOINT");

            foreach (var id in ids)
                Assert.Equal("completed", await user.ScalarAsync<string>("SELECT df.await_instance($1, 60)", id));
            Assert.Equal(3000L, await user.CountAsync("t"));
            Assert.True(worker.IsRunning);
        }
        finally
        {
            await Cluster.ExecuteAsync("ALTER TABLE df.checkpoints SET TABLESPACE pg_default");
            await Cluster.ExecuteAsync(
                "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND reltablespace = "
                    + "(SELECT oid FROM pg_tablespace WHERE spcname = 'tiny') LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END $$");
            await Cluster.ExecuteAsync("CHECKPOINT");
            await Cluster.ExecuteAsync("DROP TABLESPACE IF EXISTS tiny");
            await RanAsync("umount", "-l", folder);
            Directory.Delete(folder);
        }
    }

    static async Task<bool> RanAsync(string program, params string[] arguments)
    {
        using var process =
            System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
