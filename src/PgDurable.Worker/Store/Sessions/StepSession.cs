using System.Data;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// A connection that runs steps. In a row of steps each takes one round trip: the checkpoint and the commit of the step before it, the entry into its own role, and its statement.
/// </summary>
internal sealed class StepSession : IAsyncDisposable
{
    private const string NoStatement = "--";

    private readonly NpgsqlConnection _connection;
    private readonly SessionTokens _tokens;
    private readonly PreparedSteps _prepared;
    private readonly StepBatch _run;
    private readonly NpgsqlBatch _commit;
    private readonly StepBatch _commitAndRun;
    private readonly NpgsqlBatch _rollback;

    private StepSession(NpgsqlConnection connection, SessionTokens tokens, bool sandboxed)
    {
        (_connection, _tokens) = (connection, tokens);
        string[] commit = sandboxed ? [SqlCatalog.CommitStep, SqlCatalog.Commit] : [SqlCatalog.CommitStep, SqlCatalog.Commit, .. SqlCatalog.ResetSession];
        string[] run = [SqlCatalog.Begin, SqlCatalog.Enter, NoStatement];
        _prepared = new PreparedSteps(connection, keeps: sandboxed);
        _run = new StepBatch(Batch(run), _prepared, tokens);
        _commit = Batch(commit);
        _commitAndRun = new StepBatch(Batch(sandboxed
            ? [SqlCatalog.CommitStep, SqlCatalog.CommitAndBegin, SqlCatalog.Enter, NoStatement]
            : [.. commit, .. run]), _prepared, tokens);
        _rollback = Batch(sandboxed ? [SqlCatalog.Rollback] : [SqlCatalog.Rollback, .. SqlCatalog.ResetSession]);
        AddEnterParameters(_run.Enter);
        AddEnterParameters(_commitAndRun.Enter);
        AddCommitParameters(_commit.BatchCommands[0]);
        AddCommitParameters(_commitAndRun.Commands[0]);
    }

    /// <summary>The role in whose name a transaction is open.</summary>
    public uint? Entered { get; private set; }

    /// <summary>The connection is gone; what was not committed is, or will be, rolled back.</summary>
    public bool IsBroken => _connection.State != ConnectionState.Open;

    public static async Task<StepSession> OpenAsync(ConnectionFactory connections, bool sandboxed, CancellationToken ct)
    {
        var tokens = new SessionTokens(oneTime: sandboxed);
        var connection = await connections.OpenAsync("workflow-sql", SessionSettings.Steps(sandboxed ? tokens.Secret : null), ct);
        var session = new StepSession(connection, tokens, sandboxed);
        using var operation = Backend.Of(connection).Begin();
        try
        {
            if (!sandboxed)
            {
                await using var open = new NpgsqlCommand(SqlCatalog.OpenSession, connection) { Parameters = { new() { Value = tokens.Secret } }, CommandTimeout = 0 };
                await open.ExecuteNonQueryAsync(CancellationToken.None);
            }
            var own = session.Batch([SqlCatalog.Begin, SqlCatalog.CommitAndBegin, SqlCatalog.Enter]);
            AddEnterParameters(own.BatchCommands[^1]);
            foreach (NpgsqlBatch batch in new[] { own, session._commit, session._rollback })
                await batch.PrepareAsync(CancellationToken.None);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a step's statement in a transaction of its own, and leaves that open.</summary>
    public Task<StepResult> RunAsync(StepStatement step, long maxResultBytes)
    {
        Entered = step.Role;
        return _run.ExecuteAsync(step, maxResultBytes);
    }

    /// <summary>Whether the step that was committed last has cancelled its own instance.</summary>
    public bool HasCancelledItself { get; private set; }

    /// <summary>Writes a row into a table of the role's, in a transaction of its own, and leaves that open.</summary>
    /// <exception cref="SinkException">It would not be there as it was sent.</exception>
    public async Task WriteAsync(uint role, SinkWrite sink, TimeProvider time, CancellationToken stopped)
    {
        Entered = role;
        await using var batch = Batch([SqlCatalog.Begin, SqlCatalog.Enter]);
        AddEnterParameters(batch.BatchCommands[1]);
        batch.BatchCommands[1].Parameters[0].Value = role;
        batch.BatchCommands[1].Parameters[1].Value = _tokens.Next();
        await SinkStatements.WriteAsync(batch, resultSetsBefore: 1, sink, time, stopped);
    }

    /// <summary>Records a step's checkpoint and commits.</summary>
    public async Task CommitAsync(CommittedStep step)
    {
        Entered = null;
        SetCommitParameters(_commit.BatchCommands[0], step);
        using var operation = Backend.Of(_connection).Begin();
        HasCancelledItself = await _commit.ExecuteScalarAsync() is false;
    }

    /// <summary>As the one without <paramref name="next"/>; in the same round trip that step's statement is run, and its transaction left open.</summary>
    /// <exception cref="NextStepException">The step committed, but the next one's statement failed.</exception>
    public async Task<StepResult> CommitAsync(CommittedStep step, StepStatement next, long maxResultBytes)
    {
        Entered = null;
        SetCommitParameters(_commitAndRun.Commands[0], step);
        try
        {
            var result = await _commitAndRun.ExecuteAsync(next, maxResultBytes);
            Entered = next.Role;
            HasCancelledItself = _commitAndRun.HasCancelledItself;
            return result;
        }
        catch (Exception e) when ((!IsBroken || SqlErrors.IsOfStatement(e)) && !_commitAndRun.FailedBeforeStep(e))
        {
            Entered = next.Role;
            HasCancelledItself = _commitAndRun.HasCancelledItself;
            throw new NextStepException(e);
        }
    }

    /// <summary>The form in which the statement that failed is to be tried once more; null when it is not.</summary>
    public int? NextForm(StepStatement step, PostgresException error) => _prepared.NextForm(step, error);

    /// <summary>Whether an error at the commit is the checkpoint's own, and not one of the step's deferred triggers and constraints.</summary>
    public static bool IsOfCheckpoint(PostgresException e) =>
        e.BatchCommand?.CommandText == SqlCatalog.CommitStep;

    /// <summary>Gives up the open transaction, if there is one.</summary>
    public async Task RollbackAsync()
    {
        Entered = null;
        using var operation = Backend.Of(_connection).Begin();
        try
        {
            await _rollback.ExecuteNonQueryAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.FeatureNotSupported)
        {
            // The sandbox takes a ROLLBACK of this form for the step's own, and refuses it. That error has ended the sandbox and its transaction's work.
            await _rollback.ExecuteNonQueryAsync();
        }
        catch (PostgresException e) when (IsDeallocated(e))
        {
            await _connection.CloseAsync(); // which is a rollback too
        }
    }

    /// <summary>Whether an error comes of a step that, where no sandbox is, deallocated the session's prepared statements.</summary>
    public static bool IsDeallocated(PostgresException e) => e.SqlState == PostgresErrorCodes.InvalidSqlStatementName;

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private void SetCommitParameters(NpgsqlBatchCommand command, CommittedStep step)
    {
        var values = command.Parameters;
        var checkpoint = step.Deciding.Input;
        values[0].Value = _tokens.Next();
        values[1].Value = step.WorkerId;
        values[2].Value = step.InstanceNo;
        values[3].Value = checkpoint.Execution.Node;
        values[4].Value = checkpoint.Execution.Path;
        values[5].Value = step.Deciding.Seq;
        values[6].Value = checkpoint.Attempt;
        values[7].Value = checkpoint.At;
        values[8].Value = checkpoint.Result!.Json;
        values[9].Value = (object?)ResultColumns.Serialize(checkpoint.Result.Columns) ?? DBNull.Value;
        values[10].Value = step.Completes is not null;
        values[11].Value = (object?)step.OutcomeJson ?? DBNull.Value;
    }

    private static void AddEnterParameters(NpgsqlBatchCommand command)
    {
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Oid });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Bytea });
    }

    private static void AddCommitParameters(NpgsqlBatchCommand command)
    {
        foreach (var type in (ReadOnlySpan<NpgsqlDbType>)[NpgsqlDbType.Bytea, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Integer,
                     NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.TimestampTz, NpgsqlDbType.Json, NpgsqlDbType.Json,
                     NpgsqlDbType.Boolean, NpgsqlDbType.Json])
            command.Parameters.Add(new() { NpgsqlDbType = type });
    }

    private NpgsqlBatch Batch(IEnumerable<string> statements)
    {
        // No time-out: a commit that waits, for a disk or a standby, has not failed.
        var batch = new NpgsqlBatch(_connection) { Timeout = 0 };
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        return batch;
    }
}
