using System.Data;
using Npgsql;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Results;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Testing.Answers;

/// <summary>
/// Runs statements in a transaction that is rolled back at the end. Each step has a savepoint, so that a failed one leaves no trace.
/// </summary>
internal sealed class RealSql : IAsyncDisposable
{
    private const long MaxResultBytes = 100L * 1024 * 1024;

    // The settings that determine the format of results in a worker.
    private const string Settings = """
        SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex';
        SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on; SET LOCAL df.in_workflow = 'true'
        """;

    private readonly NpgsqlConnection _connection;
    private readonly bool _isOurs;
    private NpgsqlTransaction? _transaction;
    private bool _isInStep;

    public RealSql(NpgsqlConnection connection, bool isOurs) => (_connection, _isOurs) = (connection, isOurs);

    public async Task OpenAsync(CancellationToken ct)
    {
        if (_connection.State != ConnectionState.Open)
            await _connection.OpenAsync(ct).ConfigureAwait(false);
        // If the test has begun a transaction itself, the test rolls it back. Here, only what the workflow did is undone.
        if (await IsInTransactionAsync(ct).ConfigureAwait(false))
            await ExecuteAsync("SAVEPOINT pgdurable_test", ct).ConfigureAwait(false);
        else
            _transaction = await _connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        await ExecuteAsync(Settings, ct).ConfigureAwait(false);
    }

    /// <summary>Runs a step. Like a worker, it tries the forms of the statement until the server accepts one.</summary>
    public async Task<StepAnswer> RunAsync(TestStep step)
    {
        PostgresException? first = null;
        for (var statement = step.Statement; ; statement = statement?.Otherwise())
        {
            try
            {
                return new StepAnswer.Completed(await RunAsync(step, statement?.Text ?? step.Sql).ConfigureAwait(false));
            }
            catch (PostgresException e) when (_connection.State == ConnectionState.Open)
            {
                var mayBeTypes = StatementForms.MayBeTypes(e)
                    || statement?.HasValuesInBodies == true && StatementForms.MayBeTypesInBody(e);
                if (mayBeTypes)
                    first ??= e;
                if (mayBeTypes && statement?.Otherwise() is not null)
                {
                    await EndAsync(committed: false).ConfigureAwait(false);
                    continue;
                }
                var error = mayBeTypes ? first! : e;
                var sql = mayBeTypes ? step.Sql : statement?.Text ?? step.Sql;
                return new StepAnswer.Failed(new StepError(error.MessageText, error.SqlState, error.Detail, error.Hint, sql));
            }
        }
    }

    private async Task<StepResult> RunAsync(TestStep step, string sql)
    {
        await BeginStepAsync().ConfigureAwait(false);
        try
        {
            await using var batch = new NpgsqlBatch(_connection)
            {
                BatchCommands = { new NpgsqlBatchCommand(string.IsNullOrWhiteSpace(sql) ? "--" : sql) },
            };
            TextResults.Want(batch);
            ResultEncoder result;
            await using (var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess).ConfigureAwait(false))
            {
                result = await ResultEncoder.ReadAsync(reader, batch.BatchCommands[0], MaxResultBytes, CancellationToken.None)
                    .ConfigureAwait(false);
            }

            using (result)
            {
                return await result.FinishAsync(types => TypeLookup.FindAsync(_connection, types, CancellationToken.None))
                    .ConfigureAwait(false);
            }
        }
        catch (PostgresException e) when (_connection.State != ConnectionState.Open)
        {
            throw new WorkflowTestException(
                $"Step '{step.Name}' ended the connection ({e.SqlState} {e.MessageText}), so what the earlier steps did is lost. " +
                "Answer this step in the test instead.",
                e);
        }
    }

    /// <summary>Begins an activity that runs in the transaction.</summary>
    public async ValueTask<NpgsqlTransaction> BeginActivityAsync(string activity)
    {
        if (_transaction is null)
            throw new WorkflowTestException(
                $"Activity '{activity}' needs the transaction as an object, but the connection given to .UsePostgres(…) has a transaction "
                + "of its own. Give a connection without one, or answer the activity with .Answer(…).");
        await BeginStepAsync().ConfigureAwait(false);
        return _transaction;
    }

    /// <summary>Ends a step. For the workflow, it is then committed, or it never happened.</summary>
    public async ValueTask EndAsync(bool committed)
    {
        if (!_isInStep)
            return;
        _isInStep = false;
        if (!committed)
            await ExecuteAsync("ROLLBACK TO SAVEPOINT pgdurable_step", CancellationToken.None).ConfigureAwait(false);
        await ExecuteAsync("RELEASE SAVEPOINT pgdurable_step", CancellationToken.None).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync().ConfigureAwait(false);
        else if (_connection.State == ConnectionState.Open)
            await ExecuteAsync("ROLLBACK TO SAVEPOINT pgdurable_test; RELEASE SAVEPOINT pgdurable_test", CancellationToken.None)
                .ConfigureAwait(false);
        if (_isOurs)
            await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task BeginStepAsync()
    {
        await ExecuteAsync("SAVEPOINT pgdurable_step", CancellationToken.None).ConfigureAwait(false);
        _isInStep = true;
    }

    // SAVEPOINT fails outside of a transaction block.
    private async Task<bool> IsInTransactionAsync(CancellationToken ct)
    {
        try
        {
            await ExecuteAsync("SAVEPOINT pgdurable_probe", ct).ConfigureAwait(false);
            await ExecuteAsync("RELEASE SAVEPOINT pgdurable_probe", ct).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.NoActiveSqlTransaction)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }
}
