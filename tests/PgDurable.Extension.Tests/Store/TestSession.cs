using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>
/// A connection with shortcuts to run statements. No statement of the tests may wait for a lock; one that does fails.
/// </summary>
public class TestSession(NpgsqlConnection connection) : IAsyncDisposable
{
    public async Task ExecuteAsync(string sql, params object[] parameters) => await QueryAsync(sql, _ => 0, parameters);

    /// <summary>The first column of the only row; the type's default if it is NULL.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params object[] parameters) =>
        Assert.Single(await QueryAsync(sql, row => row.IsDBNull(0) ? default : row.GetFieldValue<T>(0), parameters));

    /// <summary>The first column of all rows.</summary>
    public Task<List<T>> ColumnAsync<T>(string sql, params object[] parameters) =>
        QueryAsync(sql, row => row.GetFieldValue<T>(0), parameters);

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 10 };
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Starts an instance with a single step and returns its key.</summary>
    public async Task<long> StartAsync(string arguments = "'SELECT 1'") =>
        await InstanceAsync((await ScalarAsync<string>($"SELECT df.start_graph({arguments})"))!);

    /// <summary>The key of an instance.</summary>
    public async Task<long> InstanceAsync(string id) => await ScalarAsync<long>("SELECT instance_no FROM df.submissions WHERE id = $1", id);

    /// <summary>The id of an instance.</summary>
    public async Task<string> IdAsync(long instance) =>
        (await ScalarAsync<string>("SELECT id FROM df.submissions WHERE instance_no = $1", instance))!;

    /// <summary>The status that the user sees.</summary>
    public async Task<string?> StatusAsync(long instance) => await ScalarAsync<string>("SELECT df.status($1)", await IdAsync(instance));

    public async Task SignalAsync(long instance, string name, string data = "{}") =>
        Assert.Equal("OK", await ScalarAsync<string>("SELECT df.signal($1, $2, $3)", await IdAsync(instance), name, data));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await connection.DisposeAsync();
    }
}
