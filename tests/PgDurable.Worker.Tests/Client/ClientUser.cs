using Npgsql;

namespace PgDurable.Worker.Tests.Client;

/// <summary>A role of a test's own that may log in, and a client of it.</summary>
sealed class ClientUser : IAsyncDisposable
{
    ClientUser(TestUser user, NpgsqlDataSource dataSource, DurableClient client) => (User, DataSource, Client) = (user, dataSource, client);

    public TestUser User { get; }

    public NpgsqlDataSource DataSource { get; }

    public DurableClient Client { get; }

    public static async Task<ClientUser> CreateAsync(PgCluster cluster, DurableClientOptions? options = null)
    {
        var user = await TestUser.CreateAsync(cluster);
        await cluster.ExecuteAsync($"ALTER ROLE {user.Role} LOGIN; ALTER ROLE {user.Role} SET search_path = {user.Schema}");
        var connection =
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString(user: user.Role, pooling: true)) { ApplicationName = user.Role };
        var dataSource = NpgsqlDataSource.Create(connection.ConnectionString);
        return new ClientUser(user, dataSource, new DurableClient(dataSource, options ?? new()));
    }

    /// <summary>How many of the client's connections have this as their last statement.</summary>
    public Task<long> SessionsAsync(string statement) =>
        User.Cluster.ScalarAsync<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{User.Role}' AND query = '{statement}'");

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await User.DisposeAsync();
    }
}
