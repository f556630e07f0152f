using Npgsql;
using NpgsqlTypes;
using PgDurable.TestKit;

namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>A role, and what it does in SQL.</summary>
internal sealed class Tenant(PgCluster cluster, string role)
{
    public string Role => role;

    public Person Person => new(role);

    public PgCluster Cluster => cluster;

    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Lets the role use pg_durable.</summary>
    public async Task AllowAsync()
    {
        await using var connection = await cluster.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT df.grant_usage($1, include_http => true)", connection);
        command.Parameters.Add(new() { Value = role });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value, read as the role. All parameters are texts.</summary>
    public async Task<T> ScalarAsync<T>(string sql, params string?[] parameters)
    {
        await using var connection = await cluster.ConnectAsync();
        await using (var become = new NpgsqlCommand($"SET SESSION AUTHORIZATION {Quote(role)}", connection))
            await become.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var text in parameters)
            command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync() is T value ? value : default!;
    }

    public Task<string> TextAsync(string sql, params string?[] parameters) => ScalarAsync<string>(sql, parameters);

    /// <summary>Starts what a SQL expression composes.</summary>
    public Task<string> StartAsync(string graph, string? label = null, string? input = null, string? key = null) => TextAsync(
        $"SELECT df.start_graph({graph}, label => $1, input => $2::jsonb, idempotency_key => $3)", label, input, key);

    /// <summary>Waits for the end of an instance.</summary>
    public async Task EndAsync(string id, string status) =>
        Assert.Equal(status, $"{await TextAsync("SELECT df.await_instance($1, 25)", id)}{await OddErrorAsync(id, status)}");

    /// <summary>Waits until an instance waits for something.</summary>
    public async Task WaitingAsync(string id, string kind)
    {
        try
        {
            await Poll.UntilAsync($"instance {id} waits for {kind}", () => ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM df.waiting w WHERE w.id = $1 AND w.kind = $2)", id, kind));
        }
        catch (TimeoutException error)
        {
            throw new InvalidOperationException(await TextAsync("SELECT df.why($1)", id), error);
        }
    }

    public Task<string> StatusAsync(string id) => TextAsync("SELECT df.status($1)", id);

    private async Task<string?> OddErrorAsync(string id, string status) =>
        status == "completed" ? await TextAsync("SELECT ': ' || df.error($1)", id) : null;
}
