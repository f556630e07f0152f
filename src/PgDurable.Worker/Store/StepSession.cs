using System.Data;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Execution;

namespace PgDurable.Worker.Store;

/// <summary>
/// A connection that runs steps, each in two round trips: the user's statement, and then its checkpoint, the commit and the entry into the next step's role.
/// </summary>
internal sealed class StepSession : IAsyncDisposable
{
    // What a result looks like must not depend on a role's or database's settings. The last one makes the server notice within half a second that the worker died,
    // also in the middle of a statement.
    private const string Settings =
        "-c TimeZone=UTC -c DateStyle=ISO,MDY -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1 -c standard_conforming_strings=on "
        + "-c client_connection_check_interval=500";

    private readonly NpgsqlConnection _connection;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly NpgsqlBatch _enter;
    private readonly NpgsqlBatch _commit;
    private readonly NpgsqlBatch _commitAndEnter;
    private readonly NpgsqlBatch _rollback;
    private readonly NpgsqlCommand _fail;

    private StepSession(NpgsqlConnection connection, bool sandboxed)
    {
        _connection = connection;
        string[] commit = sandboxed ? [SqlCatalog.CommitStep, SqlCatalog.Commit] : [SqlCatalog.CommitStep, SqlCatalog.Commit, .. SqlCatalog.ResetSession];
        string[] enter = [SqlCatalog.Begin, SqlCatalog.Enter];
        _enter = Batch(enter);
        _commit = Batch(commit);
        _commitAndEnter = Batch(sandboxed ? [SqlCatalog.CommitStep, SqlCatalog.CommitAndBegin, SqlCatalog.Enter] : [.. commit, .. enter]);
        _rollback = Batch(sandboxed ? [SqlCatalog.Rollback] : [SqlCatalog.Rollback, .. SqlCatalog.ResetSession]);
        _fail = new NpgsqlCommand(SqlCatalog.Fail, connection);
        AddEnterParameters(_enter.BatchCommands[^1]);
        AddEnterParameters(_commitAndEnter.BatchCommands[^1]);
        AddCommitParameters(_commit.BatchCommands[0]);
        AddCommitParameters(_commitAndEnter.BatchCommands[0]);
        foreach (var type in (ReadOnlySpan<NpgsqlDbType>)[NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Text,
                     NpgsqlDbType.Integer, NpgsqlDbType.Interval, NpgsqlDbType.Json])
            _fail.Parameters.Add(new() { NpgsqlDbType = type });
    }

    /// <summary>The role in whose name a transaction is open.</summary>
    public uint? Entered { get; private set; }

    /// <summary>The connection is gone; what was not committed is, or will be, rolled back.</summary>
    public bool IsBroken => _connection.State != ConnectionState.Open;

    public static async Task<StepSession> OpenAsync(ConnectionFactory connections, bool sandboxed, CancellationToken ct)
    {
        var session = new StepSession(await connections.OpenAsync("workflow-sql", Settings, ct), sandboxed);
        try
        {
            await using (var open = new NpgsqlCommand(SqlCatalog.OpenSession, session._connection) { Parameters = { new() { Value = session._secret } } })
                await open.ExecuteNonQueryAsync(ct);
            foreach (NpgsqlBatch batch in new[] { session._enter, session._commit, session._commitAndEnter, session._rollback })
                await batch.PrepareAsync(ct);
            await session._fail.PrepareAsync(ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a transaction in a role's name.</summary>
    public async Task EnterAsync(uint role)
    {
        _enter.BatchCommands[^1].Parameters[0].Value = role;
        await _enter.ExecuteNonQueryAsync();
        Entered = role;
    }

    /// <summary>Runs a step's statement in the open transaction.</summary>
    public async Task<StepResult> ExecuteAsync(string sql, long maxResultBytes, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(sql)) return ResultEncoder.WithoutRows(0);
        await using var command = new NpgsqlCommand(sql, _connection) { AllResultTypesAreUnknown = true, CommandTimeout = 0 };
        await using var stop = new StatementStop(command, ct);
        // The token is not Npgsql's to watch: it waits for its own cancel request on the thread that brings the statement's end. Where that thread serves the
        // request's socket too, neither comes.
        var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, CancellationToken.None);
        try
        {
            return await ResultEncoder.ReadAsync(reader, null, maxResultBytes, CancellationToken.None);
        }
        catch (ResultTooLargeException)
        {
            await Task.Run(command.Cancel, CancellationToken.None); // or closing the reader would fetch the rest
            throw;
        }
        finally
        {
            await CloseAsync(reader);
        }
    }

    /// <summary>Records a step's checkpoint and commits; then, unless NULL, opens a transaction in the name of <paramref name="next"/>.</summary>
    /// <exception cref="NextStepException">The step committed, but the next one can't be entered.</exception>
    public async Task CommitAsync(int workerId, long instanceNo, Checkpoint checkpoint, int attempt, bool completes, uint? next)
    {
        Entered = null;
        var batch = next is null ? _commit : _commitAndEnter;
        var values = batch.BatchCommands[0].Parameters;
        values[0].Value = _secret;
        values[1].Value = workerId;
        values[2].Value = instanceNo;
        values[3].Value = checkpoint.Execution.Node;
        values[4].Value = checkpoint.Execution.Path;
        values[5].Value = attempt;
        values[6].Value = checkpoint.Result.Json;
        values[7].Value = (object?)ResultColumns.Serialize(checkpoint.Result.Columns) ?? DBNull.Value;
        values[8].Value = completes;
        if (next is not null) batch.BatchCommands[^1].Parameters[0].Value = next.Value;
        try
        {
            await batch.ExecuteNonQueryAsync();
        }
        catch (PostgresException e) when (e.BatchCommand?.CommandText == SqlCatalog.Enter)
        {
            throw new NextStepException(e);
        }
        Entered = next;
    }

    /// <summary>Whether an error of <see cref="CommitAsync"/> is the checkpoint's own, and not one of the step's deferred triggers and constraints.</summary>
    public static bool IsOfCheckpoint(PostgresException e) =>
        e.BatchCommand?.CommandText == SqlCatalog.CommitStep;

    /// <summary>Gives up the open transaction, if there is one.</summary>
    public async Task RollbackAsync()
    {
        Entered = null;
        try
        {
            await _rollback.ExecuteNonQueryAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.FeatureNotSupported)
        {
            // The sandbox takes a ROLLBACK of this form for the step's own, and refuses it. That error has ended the sandbox and its transaction's work.
            await _rollback.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Records that an instance failed; false when this worker no longer holds it.</summary>
    public async Task<bool> FailAsync(int workerId, long instanceNo, ExecutionKey? execution, int attempt, TimeSpan elapsed, string errorJson)
    {
        var values = _fail.Parameters;
        values[0].Value = workerId;
        values[1].Value = instanceNo;
        values[2].Value = (object?)execution?.Node ?? DBNull.Value;
        values[3].Value = (object?)execution?.Path ?? DBNull.Value;
        values[4].Value = attempt;
        values[5].Value = elapsed;
        values[6].Value = errorJson;
        return (bool)(await _fail.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private static async ValueTask CloseAsync(NpgsqlDataReader reader)
    {
        try
        {
            await reader.DisposeAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            // the end of the cancelled statement; why it was cancelled is on its way up
        }
    }

    private static void AddEnterParameters(NpgsqlBatchCommand command) => command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Oid });

    private static void AddCommitParameters(NpgsqlBatchCommand command)
    {
        foreach (var type in (ReadOnlySpan<NpgsqlDbType>)[NpgsqlDbType.Bytea, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Integer,
                     NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Json, NpgsqlDbType.Json, NpgsqlDbType.Boolean])
            command.Parameters.Add(new() { NpgsqlDbType = type });
    }

    private NpgsqlBatch Batch(IEnumerable<string> statements)
    {
        // No time-out: a commit that waits, for a disk or a standby, has not failed.
        var batch = new NpgsqlBatch(_connection) { Timeout = 0 };
        foreach (var statement in statements) batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        return batch;
    }
}
