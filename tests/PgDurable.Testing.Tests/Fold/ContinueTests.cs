using Npgsql;
using NpgsqlTypes;
using PgDurable.Testing.Tests.Conformance;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Tests.Fold;

/// <summary>
/// Random instances, forked from every node, and moved to random other graphs. Whatever the database allows, the engine must find what it
/// would have found: nothing twice, nothing left out.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class ContinueTests(PostgresFixture postgres)
{
    private const int Histories = 300;
    private const int ChangedGraphs = 10;

    private static int First => int.TryParse(Environment.GetEnvironmentVariable("PGDURABLE_SEED"), out var seed) ? seed : 0;

    [Fact]
    public async Task Forks_FromEveryNode_BeginThere()
    {
        var (refused, there) = (0, 0);
        await using var connection = await postgres.ConnectAsync();
        foreach (var history in Enumerable.Range(First, Histories).Select(seed => new ContinuedHistory(seed)))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var instance = await WriteAsync(connection, history);
            for (var node = 0; node < history.Graph.Nodes.Length; node++)
            {
                if (await RowsAsync(connection, "df._fork_rows($1, $2, $3)", instance, node, Text(history.Json)) is not { } inputs)
                {
                    refused++;
                    continue;
                }
                if (history.Defect(node, inputs, out var isAtNode) is { } defect)
                    Assert.Fail($"fork from node {node} with {inputs.Count} inputs: {defect}\n{history}");
                there += isAtNode ? 1 : 0;
            }
        }
        Assert.True(there > Histories && refused > Histories, $"{there} forks, {refused} refused");
    }

    [Fact]
    public async Task Moves_ToChangedGraphs_GoOnAsBefore()
    {
        var (refused, moved) = (0, 0);
        await using var connection = await postgres.ConnectAsync();
        foreach (var history in Enumerable.Range(First, Histories).Select(seed => new ContinuedHistory(seed)))
        {
            if (history.Outcome is not null)
                continue;
            await using var transaction = await connection.BeginTransactionAsync();
            var instance = await WriteAsync(connection, history);
            for (var i = 0; i < ChangedGraphs; i++)
            {
                var graph = history.Changed(i);
                if (await CounterpartsAsync(connection, instance, graph) is not { } counterparts)
                {
                    refused++;
                    continue;
                }
                moved++;
                var inputs = await RowsAsync(
                    connection, "df._moved_rows($1, NULL, df._tree($2), df._tree($3), $4)", instance, Text(history.Json), Text(graph),
                    counterparts);
                if (history.Defect(graph, inputs!, counterparts) is { } defect)
                    Assert.Fail($"moved to {graph}: {defect}\n{history}");
            }
        }
        Assert.True(moved > Histories / 2 && refused > Histories / 2, $"{moved} moved, {refused} refused");
    }

    private static async Task<long> WriteAsync(NpgsqlConnection connection, ContinuedHistory history)
    {
        await using var begin = new NpgsqlCommand(
            """
            WITH graph AS (INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id)
            INSERT INTO df.submissions (graph_id) SELECT graph_id FROM graph RETURNING instance_no
            """,
            connection)
        { Parameters = { Text(history.Json) } };
        var instance = (long)(await begin.ExecuteScalarAsync())!;
        await ExecuteAsync(
            connection, "UPDATE df.queue SET started_at = clock_timestamp(), waits = $2 WHERE instance_no = $1", instance,
            Json(WaitsJson.Write([.. history.InFlight.OfType<Command.Wait>()], paused: false)));
        foreach (var (seq, input) in history.Rows)
        {
            await ExecuteAsync(
                connection,
                """
                INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, path, attempt, worker_id, seq, result, error,
                                            columns)
                VALUES ($1, $7, $7, $2, $3, 1, 7, $4, $5, $6, $8)
                """,
                instance, input.Execution.Node, Text(input.Execution.Path), seq, Json(input.Result?.Json),
                Json(input.Error is null ? null : ErrorJson.Write(input.Error, null, 1)), input.At,
                Json(ResultColumns.Serialize(input.Result?.Columns)));
        }
        if (history.Outcome is { } outcome)
        {
            var error = (outcome as Outcome.Failed)?.Error;
            await ExecuteAsync(
                connection,
                """
                WITH ended AS (DELETE FROM df.queue WHERE instance_no = $1 RETURNING started_at)
                INSERT INTO df.outcomes (instance_no, started_at, status, error, result)
                SELECT $1, started_at, $2, $3, $4 FROM ended
                """,
                instance, Text(error is null ? "completed" : "failed"), Json(error is null ? null : ErrorJson.Write(error, null, 1)),
                Json((outcome as Outcome.Completed)?.Result.Json));
        }
        return instance;
    }

    /// <summary>The inputs that a function returns; null if it refuses.</summary>
    private static async Task<List<Checkpoint>?> RowsAsync(NpgsqlConnection connection, string call, params object[] parameters)
    {
        try
        {
            await ExecuteAsync(connection, "SAVEPOINT before");
            await using var command = Command(
                connection,
                $"SELECT c.node, c.path, c.finished_at, c.result::text, c.error::text, c.columns::text FROM {call} c ORDER BY c.seq",
                parameters);
            var inputs = new List<Checkpoint>();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                inputs.Add(new Checkpoint(
                    new ExecutionKey(reader.GetInt32(0), reader.GetString(1)), reader.GetFieldValue<DateTimeOffset>(2),
                    reader.IsDBNull(3) ? null : new StepResult(
                        reader.GetString(3), ResultColumns.Deserialize(reader.IsDBNull(5) ? null : reader.GetString(5))),
                    reader.IsDBNull(4) ? null : ErrorJson.Read(reader.GetString(4)), 1));
            }
            return inputs;
        }
        catch (PostgresException e) when (e.SqlState == DurableErrorCodes.CannotContinue)
        {
            await ExecuteAsync(connection, "ROLLBACK TO before");
            return null;
        }
    }

    private static async Task<int?[]?> CounterpartsAsync(NpgsqlConnection connection, long instance, string graph)
    {
        try
        {
            await ExecuteAsync(connection, "SAVEPOINT before");
            await using var command = Command(connection, "SELECT df._check_move($1, $2)", instance, Text(graph));
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            return reader.GetFieldValue<int?[]>(0);
        }
        catch (PostgresException e) when (e.SqlState == DurableErrorCodes.CannotContinue)
        {
            await ExecuteAsync(connection, "ROLLBACK TO before");
            return null;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter as NpgsqlParameter ?? new() { Value = parameter });
        return command;
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Json(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json };
}
