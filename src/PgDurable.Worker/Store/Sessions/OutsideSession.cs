using System.Data;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// A connection for one statement whose effect does not commit together with its checkpoint: of another database, or one that PostgreSQL refuses in a transaction
/// block; or for a row of the worker's there. It is the role's from its start on, as if the role had logged in, and closed afterwards, so that nothing that the statement did to its
/// session matters.
/// </summary>
internal sealed class OutsideSession : IAsyncDisposable
{
    private const string Endpoints = "SELECT df._endpoints($1)";

    private readonly Func<CancellationToken, Task<NpgsqlConnection>> _open;
    private readonly NpgsqlConnection _connection;

    private OutsideSession(Func<CancellationToken, Task<NpgsqlConnection>> open, NpgsqlConnection connection) => (_open, _connection) = (open, connection);

    /// <summary>Whether the connection is gone.</summary>
    public bool IsBroken => _connection.State != ConnectionState.Open;

    /// <param name="connections">Opens it.</param>
    /// <param name="database">Which database; NULL is the worker's own.</param>
    /// <param name="role">Who must be allowed to connect to it.</param>
    /// <param name="sandboxed">The C module is there; else the worker is logged in as the role already.</param>
    /// <param name="inBlock">For statements of the worker's in a transaction block.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public static async Task<OutsideSession> OpenAsync(ConnectionFactory connections, string? database, uint role, bool sandboxed, bool inBlock, CancellationToken ct)
    {
        Task<NpgsqlConnection> Open(CancellationToken cancelled) =>
            connections.OpenAsync("workflow-sql", SessionSettings.OfRole(sandboxed ? role : null, inBlock), cancelled, database);
        return new OutsideSession(Open, await Open(ct));
    }

    /// <summary>Runs the statement, outside of a transaction block.</summary>
    public async Task<StepResult> RunAsync(string sql, long maxResultBytes, CancellationToken cancelled)
    {
        // A batch, because Npgsql looks for the ends of statements in the text of a command. What one statement is, the server says.
        await using var batch = new NpgsqlBatch(_connection) { Timeout = 0 };
        TextResults.Want(batch);
        var statement = new NpgsqlBatchCommand(string.IsNullOrWhiteSpace(sql) ? "--" : sql);
        batch.BatchCommands.Add(statement);
        await using var stop = new StatementStop(_connection, cancelled);
        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, CancellationToken.None);
        try
        {
            using var result = await ResultEncoder.ReadAsync(reader, statement, maxResultBytes, CancellationToken.None);
            await reader.CloseAsync(); // the commit is here, and may fail
            return await result.FinishAsync(LookUpAsync);
        }
        catch (ResultTooLargeException)
        {
            await _connection.CloseAsync(); // or closing the reader would fetch the rest
            throw;
        }
    }

    /// <summary>Writes a row into a table and commits.</summary>
    /// <exception cref="SinkException">It would not be there as it was sent.</exception>
    public async Task WriteAsync(SinkWrite sink, TimeProvider time, CancellationToken stopped)
    {
        await using var batch = new NpgsqlBatch(_connection) { Timeout = 0, BatchCommands = { new(TransactionSql.Begin) } };
        await SinkStatements.WriteAsync(batch, resultSetsBefore: 0, sink, time, stopped);
        await using var commit = new NpgsqlCommand(TransactionSql.Commit, _connection) { CommandTimeout = 0 };
        await using var stop = new StatementStop(_connection, stopped);
        await commit.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>What <c>df._endpoints</c> says to the role.</summary>
    public async Task<string> EndpointsAsync(string[] servers, CancellationToken stopped)
    {
        await using var command = new NpgsqlCommand(Endpoints, _connection) { CommandTimeout = 0, Parameters = { new() { Value = servers } } };
        await using var stop = new StatementStop(_connection, stopped);
        return (string)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    // The session of a role runs one statement.
    private async Task<Dictionary<uint, Results.ValueType>> LookUpAsync(IEnumerable<uint> types)
    {
        await using var connection = await _open(CancellationToken.None);
        return await TypeLookup.FindAsync(connection, types, CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
