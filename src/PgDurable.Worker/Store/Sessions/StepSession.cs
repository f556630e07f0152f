using System.Data;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// A connection that runs steps. In a row of steps each takes one round trip: the checkpoint and commit of the step before, the entry into
/// the step's role, and its statement.
/// </summary>
internal sealed class StepSession : IAsyncDisposable
{
    // Without the C module. With it, SessionSettings.Steps opens the session.
    private const string OpenSession = "SELECT df._open_session($1)";

    private readonly NpgsqlConnection _connection;
    private readonly SessionTokens _tokens;
    private readonly PreparedSteps _prepared;
    private readonly StepBatch _run;
    private readonly CommitStepCommand _commitStep = new();
    private readonly NpgsqlBatch _commit;
    private readonly CommitStepCommand _commitStepAndRun = new();
    private readonly StepBatch _commitAndRun;
    private readonly NpgsqlBatch _rollback;

    private StepSession(NpgsqlConnection connection, SessionTokens tokens, bool sandboxed)
    {
        (_connection, _tokens) = (connection, tokens);
        string[] reset = sandboxed ? [] : TransactionSql.ResetSession;
        string[] commitAndBegin = sandboxed
            ? [TransactionSql.CommitAndBegin]
            : [TransactionSql.Commit, .. reset, TransactionSql.Begin];
        _prepared = new PreparedSteps(connection, keeps: sandboxed);
        _run = new StepBatch(Batch([TransactionSql.Begin]), _prepared, tokens);
        _commit = Batch([TransactionSql.Commit, .. reset], first: _commitStep.Command);
        _commitAndRun = new StepBatch(Batch(commitAndBegin, first: _commitStepAndRun.Command), _prepared, tokens);
        _rollback = Batch([TransactionSql.Rollback, .. reset]);
    }

    /// <summary>The role of the open transaction; <c>null</c> if none is open.</summary>
    public uint? Entered { get; private set; }

    /// <summary>Whether the connection is gone. What was not committed is rolled back, or will be.</summary>
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
                await using var open =
                    new NpgsqlCommand(OpenSession, connection) { Parameters = { new() { Value = tokens.Secret } }, CommandTimeout = 0 };
                await open.ExecuteNonQueryAsync(CancellationToken.None);
            }
            var own = session.Batch([TransactionSql.Begin, TransactionSql.CommitAndBegin]);
            own.BatchCommands.Add(new EnterCommand().Command);
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

    /// <summary>Writes a row into one of the role's tables, in a transaction of its own, and leaves that open.</summary>
    /// <exception cref="SinkException">The row would not be there as it was sent.</exception>
    public async Task WriteAsync(uint role, SinkWrite sink, TimeProvider time, CancellationToken stopped)
    {
        Entered = role;
        await using var batch = Batch([TransactionSql.Begin]);
        var enter = new EnterCommand();
        enter.Fill(role, _tokens.Next());
        batch.BatchCommands.Add(enter.Command);
        await SinkStatements.WriteAsync(batch, resultSetsBefore: 1, sink, time, stopped);
    }

    /// <summary>Records a step's checkpoint and commits.</summary>
    public async Task CommitAsync(CommittedStep step)
    {
        Entered = null;
        _commitStep.Fill(step, _tokens.Next());
        using var operation = Backend.Of(_connection).Begin();
        HasCancelledItself = await _commit.ExecuteScalarAsync() is false;
    }

    /// <summary>
    /// Records a step's checkpoint and commits. In the same round trip it runs the next step's statement, and leaves its transaction open.
    /// </summary>
    /// <exception cref="NextStepException">The step was committed, but the next step's statement failed.</exception>
    public async Task<StepResult> CommitAsync(CommittedStep step, StepStatement next, long maxResultBytes)
    {
        Entered = null;
        _commitStepAndRun.Fill(step, _tokens.Next());
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

    /// <summary>The form in which to try a failed statement once more; <c>null</c> if it is not to be tried again.</summary>
    public int? NextForm(StepStatement step, PostgresException error) => _prepared.NextForm(step, error);

    /// <summary>
    /// Whether an error at the commit is the checkpoint's own, and not one of the step's deferred triggers and constraints.
    /// </summary>
    public static bool IsOfCheckpoint(PostgresException e) =>
        e.BatchCommand?.CommandText == CommitStepCommand.Sql;

    /// <summary>
    /// Whether an error says that the schema has another version than the worker: what the worker calls around a step isn't there.
    /// </summary>
    public static bool IsOfSchema(PostgresException e) =>
        Faults.IsOfSchema(e) && e.BatchCommand?.CommandText is CommitStepCommand.Sql or EnterCommand.Sql;

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
            // The sandbox takes a ROLLBACK of this form for the step's own and refuses it. That error has ended the sandbox and the work of
            // its transaction.
            await _rollback.ExecuteNonQueryAsync();
        }
        catch (PostgresException e) when (IsDeallocated(e))
        {
            await _connection.CloseAsync(); // which is a rollback too
        }
    }

    /// <summary>
    /// Whether the reason for an error is that a step, without a sandbox, has deallocated the session's prepared statements.
    /// </summary>
    public static bool IsDeallocated(PostgresException e) => e.SqlState == PostgresErrorCodes.InvalidSqlStatementName;

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private NpgsqlBatch Batch(IEnumerable<string> statements, NpgsqlBatchCommand? first = null)
    {
        // No time-out: a commit that waits for a disk or a standby has not failed.
        var batch = new NpgsqlBatch(_connection) { Timeout = 0 };
        if (first is not null)
            batch.BatchCommands.Add(first);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        return batch;
    }
}
