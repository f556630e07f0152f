using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// Writes the body of a response into a table, in an open transaction of the role. The statements are the worker's, and nobody but the role
/// itself can mislead them about the row.
/// </summary>
internal static class SinkStatements
{
    // The role may have told its commits not to wait for the disk, but the next request relies on the row.
    private const string Durable = "SET LOCAL synchronous_commit = on";

    private const string Inspect = """
        SELECT c.relpersistence::pg_catalog.text OPERATOR(pg_catalog.=) 'p' AND c.relkind::pg_catalog.text OPERATOR(pg_catalog.~) '^[rp]$'
          FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
        """;

    /// <summary>Writes the row and checks that it is there.</summary>
    /// <param name="batch">The statements that begin the transaction.</param>
    /// <param name="resultSetsBefore">The number of result sets that they return.</param>
    /// <param name="sink">The row.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <param name="stopped">Stops it.</param>
    /// <exception cref="SinkException">The row is not there as it was sent.</exception>
    public static async Task WriteAsync(
        NpgsqlBatch batch, int resultSetsBefore, SinkWrite sink, TimeProvider time, CancellationToken stopped)
    {
        using var late = new CancellationTokenSource(SinkWrite.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopped);
        try
        {
            await using var stop = new StatementStop(batch.Connection!, either.Token);
            await BeginAsync(batch, resultSetsBefore, sink);
            await InsertAsync(batch.Connection!, sink);
        }
        catch (PostgresException e) when (
            e.SqlState == PostgresErrorCodes.QueryCanceled && late.IsCancellationRequested && !stopped.IsCancellationRequested)
        {
            throw new SinkException($"the row could not be written within {SinkWrite.Patience.TotalSeconds:0} s");
        }
    }

    private static async Task BeginAsync(NpgsqlBatch batch, int resultSetsBefore, SinkWrite sink)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Durable));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Inspect) { Parameters = { new() { Value = sink.Table, NpgsqlDbType = NpgsqlDbType.Text } } });
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        for (var i = 0; i < resultSetsBefore; i++)
            await reader.NextResultAsync(CancellationToken.None);
        if (!await reader.ReadAsync(CancellationToken.None) || !reader.GetBoolean(0))
            throw new SinkException("it requires a permanent table");
    }

    private static async Task InsertAsync(NpgsqlConnection connection, SinkWrite sink)
    {
        var key = sink.Row.Key;
        var insert = new NpgsqlBatchCommand(sink.Sql)
        {
            Parameters =
            {
                new() { Value = key, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = sink.Row.Body, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };
        var look = new NpgsqlBatchCommand($"""
            SELECT pg_catalog.sha256(s.body) OPERATOR(pg_catalog.=) $2 AS is_as_sent,
                   c.relpersistence::pg_catalog.text OPERATOR(pg_catalog.=) 'p'
                   AND c.relkind::pg_catalog.text OPERATOR(pg_catalog.=) 'r' AS is_durable
              FROM {sink.Table} s JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) s.tableoid
             WHERE s.sink_key OPERATOR(pg_catalog.=) $1
            """)
        {
            Parameters =
            {
                new() { Value = key, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = SHA256.HashData(sink.Row.Body), NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0, BatchCommands = { insert, look } };
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        var found = await reader.ReadAsync(CancellationToken.None);
        var isAsSent = found && reader.Find<bool>("is_as_sent") == true;
        var isDurable = found && reader.Get<bool>("is_durable");
        var isAlone = found && !await reader.ReadAsync(CancellationToken.None);
        await reader.CloseAsync();
        if (insert.RecordsAffected != 1)
            throw new SinkException("the statement did not insert exactly one row");
        if (!found)
            throw new SinkException("the row is missing: a policy hides it, a trigger has removed it, or its key or body was changed");
        if (!isAsSent || !isAlone)
            throw new SinkException("the row's key or body was changed");
        if (!isDurable)
            throw new SinkException("the partition that the row is in is not durable");
    }
}
