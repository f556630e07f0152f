using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>A session that listens on a channel.</summary>
public sealed class Ear : IAsyncDisposable
{
    private const string Last = "that was all";
    private readonly NpgsqlConnection _connection;
    private readonly string _channel;
    private readonly List<string> _heard = [];

    private Ear(NpgsqlConnection connection, string channel)
    {
        (_connection, _channel) = (connection, channel);
        connection.Notification += (_, e) => _heard.Add(e.Payload);
    }

    public static async Task<Ear> ListenAsync(StoreFixture fixture, string? database = null, string channel = "df_ended")
    {
        var ear = new Ear(await fixture.Cluster.ConnectAsync(database), channel);
        await using var listen = new NpgsqlCommand($"LISTEN {channel}", ear._connection);
        await listen.ExecuteNonQueryAsync();
        return ear;
    }

    /// <summary>What was committed so far.</summary>
    public async Task<List<string>> HeardAsync()
    {
        _heard.Remove(Last);
        await using var last = new NpgsqlCommand($"NOTIFY {_channel}, '{Last}'", _connection);
        await last.ExecuteNonQueryAsync();
        while (!_heard.Contains(Last))
            await _connection.WaitAsync();
        return [.. _heard.Where(payload => payload != Last)];
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
