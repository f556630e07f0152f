using Npgsql;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>An advisory lock that a step waits for, so that a test decides when the step goes on.</summary>
public sealed class Gate : IAsyncDisposable
{
    static int s_last = 1_000_000;

    readonly PgCluster _cluster;
    readonly NpgsqlConnection _holder;
    readonly int _key = Interlocked.Increment(ref s_last);

    Gate(PgCluster cluster, NpgsqlConnection holder) => (_cluster, _holder) = (cluster, holder);

    public int Key => _key;

    /// <summary>An expression that waits until the gate is open.</summary>
    public string Pass => $"pg_advisory_xact_lock_shared({_key})::text";

    public static async Task<Gate> CloseAsync(PgCluster cluster)
    {
        var gate = new Gate(cluster, await cluster.ConnectAsync());
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({gate._key})", gate._holder);
        await command.ExecuteNonQueryAsync();
        return gate;
    }

    /// <summary>Returns once <paramref name="waiting"/> steps wait.</summary>
    public Task WaitedForAsync(int waiting = 1) => Poll.UntilAsync(
        $"{waiting} steps wait at the gate",
        async () => await WaitingAsync() >= waiting);

    public Task<long> WaitingAsync() =>
        _cluster.ScalarAsync<long>($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {_key} AND NOT granted");

    public async Task OpenAsync()
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", _holder);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await _holder.DisposeAsync();
}
