namespace PgDurable.Upgrade.Tests;

/// <summary>A worker and a schema that don't fit wait for each other, and say so. No instance fails meanwhile.</summary>
public sealed class MismatchTests
{
    [Theory]
    [InlineData("df._oldest_version()", "99.0.0", "which needs at least 99.0.0")]
    [InlineData("df.version()", "0.8.0 (built then)", "has schema df of version 0.8.0")]
    public async Task WorkerAndSchema_OneTooOld_TheWorkerWaits(string function, string text, string message)
    {
        await using var cluster = await PgCluster.StartAsync(new() { Worker = true });
        await cluster.ExecuteAsync("CREATE EXTENSION pg_durable; CREATE ROLE app LOGIN; SELECT df.grant_usage('app')");
        var definition = await cluster.ScalarAsync<string>($"SELECT pg_get_functiondef('{function}'::regprocedure)");
        await cluster.ExecuteAsync($"CREATE OR REPLACE FUNCTION {function} RETURNS text LANGUAGE sql AS $$ SELECT '{text}'::text $$");
        await cluster.KillWorkerAsync();
        await cluster.ExecuteAsync("DELETE FROM df.workers");
        var id = await cluster.ScalarAsync<string>("SET ROLE app; SELECT df.start('SELECT 1')");

        await Poll.UntilAsync("it says so", async () => (await cluster.LogAsync()).Contains(message, StringComparison.Ordinal));
        Assert.Equal("pending 0", await cluster.ScalarAsync<string>($"SELECT df.status('{id}') || ' ' || count(*) FROM df.workers"));
        await cluster.ExecuteAsync(definition);
        await Poll.UntilAsync("it goes on", async () => await cluster.ScalarAsync<string>($"SELECT df.status('{id}')") == "completed");
    }

    /// <summary>As after an update under a worker that calls what is no longer there.</summary>
    [Theory]
    [InlineData("_commit_step")]
    [InlineData("_enter")]
    [InlineData("_worker_park")]
    public async Task Worker_AFunctionIsGone_InstancesWaitAndGoOn(string function)
    {
        await using var cluster = await PgCluster.StartAsync(new() { Worker = true });
        await cluster.ExecuteAsync("CREATE EXTENSION pg_durable; CREATE ROLE app LOGIN; SELECT df.grant_usage('app')");
        await cluster.ExecuteAsync("CREATE TABLE effects (label text); GRANT INSERT ON effects TO app");
        const string step = "'INSERT INTO effects VALUES ($sys_label)'";
        await cluster.ExecuteAsync(
            $"SET ROLE app; SELECT df.start({step} ~> df.sleep(1) ~> {step} ~> df.sleep(0.2) ~> {step}, n::text) "
                + "FROM generate_series(1, 20) n");
        await Poll.UntilAsync("they run", () => cluster.ScalarAsync<bool>("SELECT count(*) >= 20 FROM effects"));

        var ids = await cluster.ScalarAsync<uint[]>($"SELECT array_agg(oid) FROM pg_proc WHERE proname = '{function}'");
        var log = (await cluster.LogAsync()).Length;
        await cluster.ExecuteAsync($"UPDATE pg_proc SET proname = 'gone' WHERE oid = ANY ('{{{string.Join(',', ids)}}}')");
        await Poll.UntilAsync("the worker has noticed", async () =>
            (await cluster.LogAsync())[log..].Contains($"df.{function}", StringComparison.Ordinal));
        await cluster.ExecuteAsync($"UPDATE pg_proc SET proname = '{function}' WHERE oid = ANY ('{{{string.Join(',', ids)}}}')");

        await Poll.UntilAsync("all have ended", () => cluster.ScalarAsync<bool>(
            "SELECT count(*) = 20 FROM df.instances WHERE status NOT IN ('pending', 'running')"), TimeSpan.FromSeconds(60));
        Assert.Equal("", await cluster.ScalarAsync<string>("SELECT coalesce(string_agg(df.error(id), ', '), '') FROM df.instances"));
        Assert.Equal(60L, await cluster.ScalarAsync<long>("SELECT count(*) FROM effects"));
    }
}
