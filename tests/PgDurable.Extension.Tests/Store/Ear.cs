using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>A session that listens on df_ended.</summary>
public sealed class Ear : IAsyncDisposable
{
    private const string Last = "that was all";
    private readonly NpgsqlConnection _connection;
    private readonly List<string> _heard = [];

    private Ear(NpgsqlConnection connection)
    {
        _connection = connection;
        connection.Notification += (_, e) => _heard.Add(e.Payload);
    }

    public static async Task<Ear> ListenAsync(StoreFixture fixture, string? database = null)
    {
        var ear = new Ear(await fixture.Cluster.ConnectAsync(database));
        await using var listen = new NpgsqlCommand("LISTEN df_ended", ear._connection);
        await listen.ExecuteNonQueryAsync();
        return ear;
    }

    /// <summary>What was committed so far.</summary>
    public async Task<List<string>> HeardAsync()
    {
        _heard.Remove(Last);
        await using var last = new NpgsqlCommand($"NOTIFY df_ended, '{Last}'", _connection);
        await last.ExecuteNonQueryAsync();
        while (!_heard.Contains(Last))
            await _connection.WaitAsync();
        return [.. _heard.Where(payload => payload != Last)];
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
