namespace PgDurable.Worker.Tests.Fixtures;

static class Clusters
{
    /// <summary>A server with the extension in its database; with a worker that already runs steps, or with none.</summary>
    public static async Task<PgCluster> WithExtensionAsync(bool worker, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["max_connections"] = "200" };
        foreach (var (name, value) in settings)
            all[name] = value;
        var cluster = await PgCluster.StartAsync(new() { Worker = worker, Settings = all });
        await cluster.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_durable");
        if (worker)
            await cluster.WorkerIdAsync();
        return cluster;
    }

    /// <summary>The number of a worker, once one has registered. <paramref name="not"/>: of an earlier one.</summary>
    public static async Task<int> WorkerIdAsync(this PgCluster cluster, int not = 0) => (int)await Poll.UntilAsync<object>(
        "a worker has registered",
        async () =>
        {
            var id = await cluster.ScalarAsync<int>($"SELECT coalesce(max(worker_id), 0) FROM df.workers WHERE worker_id <> {not}");
            return id > 0 ? id : null;
        });

    /// <summary>What PostgreSQL's catalog says about the sessions that run steps.</summary>
    public static Task<long> SessionsAsync(this PgCluster cluster, string condition) =>
        cluster.ScalarAsync<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:workflow-sql' AND {condition}");
}
