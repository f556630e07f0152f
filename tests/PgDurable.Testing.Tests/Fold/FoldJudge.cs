using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Tests.Fold;

/// <summary>Writes a history into the tables moment by moment, and compares what df._fold reads there with what the engine knows.</summary>
internal sealed class FoldJudge(NpgsqlConnection connection)
{
    private const string Begin =
        """
        WITH graph AS (INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id)
        INSERT INTO df.submissions (graph_id, input) SELECT graph_id, $2::jsonb FROM graph RETURNING instance_no
        """;

    private const string Take = "UPDATE df.queue SET started_at = clock_timestamp(), worker_id = 7 WHERE instance_no = $1";

    private const string Forget = "DELETE FROM df.checkpoints WHERE instance_no = $1 AND node = $2 AND path = $3";

    private const string Write =
        """
        INSERT INTO df.checkpoints (instance_no, started_at, node, path, attempt, worker_id, seq, result, error)
        VALUES ($1, clock_timestamp(), $2, $3, 1, 7, $4, $5, $6)
        """;

    private const string Finish =
        """
        WITH ended AS (DELETE FROM df.queue WHERE instance_no = $1 RETURNING started_at)
        INSERT INTO df.outcomes (instance_no, started_at, status, result_node, result_path, result, error)
        SELECT $1, started_at, $2, $3, $4, $5, $6 FROM ended
        """;

    private const string Fold =
        """
        SELECT f.node, f.path, f.state, COALESCE(s.value, c.result)::text,
               CASE WHEN f.state = 'failed' THEN COALESCE(f.prefix, '')
                   || (COALESCE(c.error, CASE s.node_type WHEN 'TIMEOUT' THEN df._timeout_error(s.query) END) ->> 'message') END
          FROM fold f
          LEFT JOIN fold s ON s.execution = f.source
          LEFT JOIN df.checkpoints c ON c.instance_no = $1 AND c.node = s.node AND c.path = s.path
         ORDER BY f.execution
        """;

    private const string Nodes = "SELECT n.node, n.path, n.inferred_status FROM df._node_states($1) n ORDER BY n.node";

    // Those of df.nodes that don't come from there.
    private const string Shown =
        """
        SELECT n.id
          FROM (SELECT df._node_id(n.node) AS id, n.node_type, n.status, n.inferred_status, df._message(n.error) AS error, n.started_at,
                       n.finished_at, COALESCE(df._jsonb(n.result), to_jsonb(df._message(n.error))) AS result
                  FROM df._node_states($1) n) n
          FULL JOIN (SELECT n.id, n.node_type, n.status, n.inferred_status, n.error, n.started_at, n.finished_at, n.result
                       FROM df.submissions s JOIN df.nodes n ON n.instance_id = s.id WHERE s.instance_no = $1) v ON v.id = n.id
         WHERE ROW (n.*) IS DISTINCT FROM ROW (v.*)
        """;

    /// <summary>The difference, or null.</summary>
    public async Task<string?> DifferenceAsync(RecordedHistory history)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        long instance;
        var input = Text("""[{"v":1},{"v":2}]""");
        await using (var begin = new NpgsqlCommand(Begin, connection) { Parameters = { Text(history.Json), input } })
            instance = (long)(await begin.ExecuteScalarAsync())!;
        await using (var take = new NpgsqlCommand(Take, connection) { Parameters = { Key(instance) } })
            await take.ExecuteNonQueryAsync();

        for (var i = 0; i < history.Moments.Count; i++)
            if (await DifferenceAsync(instance, history, history.Moments[i]) is { } difference)
                return $"moment {i}, after {history.Moments.Take(i + 1).Sum(moment => moment.New.Count)} rows: {difference}";
        return null;
    }

    private async Task<string?> DifferenceAsync(long instance, RecordedHistory history, Moment moment)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var key in moment.Gone)
            Add(batch, Forget, Key(instance), Number(key.Node), Text(key.Path));
        foreach (var (seq, input) in moment.New)
        {
            Add(batch, Write, Key(instance), Number(input.Execution.Node), Text(input.Execution.Path), Number(seq),
                Json(input.Result?.Json), Json(input.Error is null ? null : ErrorText(input.Error)));
        }
        if (moment.Outcome is { } outcome)
            Add(batch, Finish, [Key(instance), .. Columns(outcome)]);
        Add(batch, $"WITH fold AS MATERIALIZED (SELECT * FROM unnest(df._fold($1))) {Fold}", Key(instance));
        Add(batch, Nodes, Key(instance));
        Add(batch, Shown, Key(instance));

        await using var reader = await batch.ExecuteReaderAsync();
        var hidden = moment.Open.ToHashSet();
        while (await reader.ReadAsync())
        {
            var found = new Found(
                new ExecutionKey(reader.GetInt32(0), reader.GetString(1)), Value(reader, 2), Value(reader, 3), Value(reader, 4));
            hidden.Remove(found.Key);
            if (Expectation.Difference(history, moment, found) is { } difference)
                return difference;
        }
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var key = new ExecutionKey(reader.GetInt32(0), reader.GetString(1));
            if (Expectation.Difference(history, moment, hidden.Count > 0, key, reader.GetString(2)) is { } difference)
                return difference;
        }
        await reader.NextResultAsync();
        return await reader.ReadAsync() ? $"df.nodes shows node {Value(reader, 0)} differently" : null;
    }

    private static NpgsqlParameter[] Columns(Outcome outcome) => outcome switch
    {
        Outcome.Completed { Source: { } source } => [Text("completed"), Number(source.Node), Text(source.Path), Json(null), Json(null)],
        Outcome.Completed completed => [Text("completed"), Number(null), Text(null), Json(completed.Result.Json), Json(null)],
        Outcome.Failed failed =>
            [Text("failed"), Number(failed.Origin?.Node), Text(failed.Origin?.Path), Json(null), Json(ErrorText(failed.Error))],
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static string ErrorText(StepError error) => ErrorJson.Write(error, null, 1);

    private static void Add(NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static string? Value(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Key(long instance) => new() { Value = instance };

    private static NpgsqlParameter Number(int? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    private static NpgsqlParameter Json(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json };
}
