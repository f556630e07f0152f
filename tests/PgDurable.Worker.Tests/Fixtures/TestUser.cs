using System.Text.Json;
using Npgsql;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>A role of a test's own, with a schema of its own, that may use pg_durable. It can't log in.</summary>
public sealed class TestUser : IAsyncDisposable
{
    TestUser(PgCluster cluster, NpgsqlConnection connection, string role, string schema)
    {
        (Cluster, Connection, Role, Schema) = (cluster, connection, role, schema);
    }

    public PgCluster Cluster { get; }

    /// <summary>A session that is the role's.</summary>
    public NpgsqlConnection Connection { get; }

    public string Role { get; }

    /// <summary>Name of the role's schema; needs no quotes.</summary>
    public string Schema { get; }

    public static async Task<TestUser> CreateAsync(PgCluster cluster, string? role = null)
    {
        var schema = "t" + Guid.NewGuid().ToString("N")[..12];
        role ??= schema;
        await cluster.ExecuteAsync(
            $"CREATE ROLE {Quote(role)}; CREATE SCHEMA {schema} AUTHORIZATION {Quote(role)}; SELECT df.grant_usage({Literal(role)})");
        return new TestUser(cluster, await ConnectAsync(cluster, role), role, schema);
    }

    /// <summary>A session of a role that exists already, with a schema that does.</summary>
    public static async Task<TestUser> ExistingAsync(PgCluster cluster, string role, string schema) =>
        new(cluster, await ConnectAsync(cluster, role), role, schema);

    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>One more session of the role.</summary>
    public Task<NpgsqlConnection> ConnectAsync() => ConnectAsync(Cluster, Role);

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value that is not NULL, read as the role.</summary>
    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Starts a graph, or one statement, and returns the instance's id.</summary>
    public async Task<string> StartAsync(string graph, string? input = null, string? label = null, string? key = null)
    {
        await using var command =
            new NpgsqlCommand("SELECT df.start_graph($1, label => $2, input => $3::jsonb, idempotency_key => $4)", Connection);
        foreach (var text in (string?[])[graph, label, input, key])
            command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Starts what a SQL expression composes.</summary>
    public Task<string> StartGraphAsync(string expression) => ScalarAsync<string>($"SELECT df.start_graph({expression})");

    /// <summary>Starts what a SQL expression composes, which must complete, and returns the first row of its result.</summary>
    public async Task<JsonElement> RunGraphAsync(string expression) =>
        (await ResultAsync(await StartGraphAsync(expression))).GetProperty("rows")[0];

    /// <summary>Starts what a SQL expression composes, which must complete.</summary>
    public async Task RunGraphToEndAsync(string expression) => await ResultAsync(await StartGraphAsync(expression));

    /// <summary>Waits until the instance is a row that waits for something of a kind, as in df.waiting.</summary>
    public Task WaitingAsync(string id, string kind) => Poll.UntilAsync(
        $"instance {id} waits for {kind}",
        async () => await Cluster.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM df.queue q JOIN df.submissions s USING (instance_no), json_array_elements(q.waits) w "
                + $"WHERE s.id = {Literal(id)} AND w ->> 'kind' = {Literal(kind)})"));

    /// <summary>Waits for the end of an instance and returns its status.</summary>
    public Task<string> EndAsync(string id) => ScalarAsync<string>("SELECT df.await_instance($1, 20)", id);

    /// <summary>The whole result of an instance that must complete.</summary>
    public async Task<JsonElement> ResultAsync(string id)
    {
        var status = await EndAsync(id);
        Assert.True(status == "completed", $"{status}: {await ScalarAsync<string>("SELECT coalesce(df.error($1), '')", id)}");
        return Parse(await ScalarAsync<string>("SELECT df.result($1)", id));
    }

    /// <summary>The error of an instance that must fail.</summary>
    public async Task<JsonElement> ErrorAsync(string id)
    {
        Assert.Equal("failed", await EndAsync(id));
        return Parse(await ScalarAsync<string>("SELECT df.error($1)", id));
    }

    /// <summary>Starts a graph that must complete and returns the first row of its result.</summary>
    public async Task<JsonElement> RunAsync(string graph, string? input = null) =>
        (await ResultAsync(await StartAsync(graph, input))).GetProperty("rows")[0];

    /// <summary>Starts a graph that must complete, with rows or without.</summary>
    public async Task RunToEndAsync(string graph) => await ResultAsync(await StartAsync(graph));

    /// <summary>Starts a graph that must fail and returns its error.</summary>
    public async Task<JsonElement> FailAsync(string graph, string? input = null) => await ErrorAsync(await StartAsync(graph, input));

    /// <summary>Waits until a worker runs a step of the instance.</summary>
    public Task RunningAsync(string id) => StatusAsync(id, "running");

    public Task StatusAsync(string id, string status) =>
        Poll.UntilAsync($"instance {id} is {status}", async () => await ScalarAsync<string>("SELECT df.status($1)", id) == status);

    /// <summary>Rows in a table of the role's schema, as a superuser sees it.</summary>
    public Task<long> CountAsync(string table) => Cluster.ScalarAsync<long>($"SELECT count(*) FROM {Schema}.{table}");

    public async ValueTask DisposeAsync() => await Connection.DisposeAsync();

    static async Task<NpgsqlConnection> ConnectAsync(PgCluster cluster, string role)
    {
        var connection = await cluster.ConnectAsync();
        await using var command = new NpgsqlCommand($"SET SESSION AUTHORIZATION {Quote(role)}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    static JsonElement Parse(string json) => JsonElement.Parse(json);

    NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, Connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return command;
    }
}
