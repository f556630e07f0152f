using System.Data;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// A connection for one statement whose effect doesn't commit together with its checkpoint: in another database, or refused by PostgreSQL
/// in a transaction block; or for a row that the worker writes there. It belongs to the role from its start on, as if the role had logged
/// in. It is closed afterwards, so nothing that the statement does to its session matters.
/// </summary>
internal sealed class OutsideSession : IAsyncDisposable
{
    private const string Endpoints = "SELECT df._endpoints($1)";

    private readonly Func<CancellationToken, Task<NpgsqlConnection>> _open;
    private readonly NpgsqlConnection _connection;

    private OutsideSession(Func<CancellationToken, Task<NpgsqlConnection>> open, NpgsqlConnection connection) =>
        (_open, _connection) = (open, connection);

    /// <summary>Whether the connection is gone.</summary>
    public bool IsBroken => _connection.State != ConnectionState.Open;

    /// <param name="connections">Opens it.</param>
    /// <param name="database">The database; <c>null</c> is the worker's own.</param>
    /// <param name="role">The role, which must be allowed to connect to it.</param>
    /// <param name="sandboxed">Whether the C module is there. Otherwise the worker is logged in as the role already.</param>
    /// <param name="inBlock">Whether it runs the worker's statements in a transaction block.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The connection can't be opened.</exception>
    public static async Task<OutsideSession> OpenAsync(
        ConnectionFactory connections, string? database, uint role, bool sandboxed, bool inBlock, CancellationToken ct)
    {
        Task<NpgsqlConnection> Open(CancellationToken cancelled) =>
            connections.OpenAsync("workflow-sql", SessionSettings.OfRole(sandboxed ? role : null, inBlock), cancelled, database);
        return new OutsideSession(Open, await Open(ct));
    }

    /// <summary>Runs the statement, outside of a transaction block.</summary>
    public async Task<StepResult> RunAsync(string sql, long maxResultBytes, CancellationToken cancelled)
    {
        // A batch, because Npgsql splits the text of a command into statements. Here the server decides what one statement is.
        await using var batch = new NpgsqlBatch(_connection) { Timeout = 0 };
        TextResults.Want(batch);
        var statement = new NpgsqlBatchCommand(string.IsNullOrWhiteSpace(sql) ? "--" : sql);
        batch.BatchCommands.Add(statement);
        await using var stop = new StatementStop(_connection, cancelled);
        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, CancellationToken.None);
        try
        {
            using var result = await ResultEncoder.ReadAsync(reader, statement, maxResultBytes, CancellationToken.None);
            await reader.CloseAsync(); // this commits, and may fail
            return await result.FinishAsync(LookUpAsync);
        }
        catch (ResultTooLargeException)
        {
            await _connection.CloseAsync(); // closing the reader would otherwise fetch the rest
            throw;
        }
    }

    /// <summary>Writes a row into a table and commits.</summary>
    /// <exception cref="SinkException">The row would not be there as it was sent.</exception>
    public async Task WriteAsync(SinkWrite sink, TimeProvider time, CancellationToken stopped)
    {
        await using var batch = new NpgsqlBatch(_connection) { Timeout = 0, BatchCommands = { new(TransactionSql.Begin) } };
        await SinkStatements.WriteAsync(batch, resultSetsBefore: 0, sink, time, stopped);
        await using var commit = new NpgsqlCommand(TransactionSql.Commit, _connection) { CommandTimeout = 0 };
        await using var stop = new StatementStop(_connection, stopped);
        await commit.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>What <c>df._endpoints</c> returns to the role.</summary>
    public async Task<string> EndpointsAsync(string[] servers, CancellationToken stopped)
    {
        await using var command =
            new NpgsqlCommand(Endpoints, _connection) { CommandTimeout = 0, Parameters = { new() { Value = servers } } };
        await using var stop = new StatementStop(_connection, stopped);
        return (string)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    // On another connection, because a role's session runs one statement only.
    private async Task<Dictionary<uint, Results.ValueType>> LookUpAsync(IEnumerable<uint> types)
    {
        await using var connection = await _open(CancellationToken.None);
        return await TypeLookup.FindAsync(connection, types, CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
