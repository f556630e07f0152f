using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>What VACUUM can remove. An idle worker looks at the queue with a snapshot that is up to a second old.</summary>
internal static class OldRows
{
    /// <summary>Waits until nobody sees what is dead by now.</summary>
    public static async Task AreInvisibleAsync(PgCluster cluster)
    {
        var now = await cluster.ScalarAsync<long>("SELECT txid_current()");
        await Poll.UntilAsync("nobody sees old rows", () => cluster.ScalarAsync<bool>(
            $"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE age(backend_xmin) >= age('{now}'::xid))"));
    }
}
