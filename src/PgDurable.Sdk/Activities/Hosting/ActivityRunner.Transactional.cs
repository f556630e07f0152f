using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <content>Transactional activities: what the code writes and the task's completion are one transaction.</content>
internal sealed partial class ActivityRunner
{
    private static readonly TimeSpan ConnectionDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(1);

    private async Task<RunEnd> RunInTransactionAsync(TaskRun run, IServiceProvider services, RunContext context)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await dataSource.OpenConnectionAsync(run.StopToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ActivityLog.NoConnection(_logger, run.Task.InstanceId, run.Task.Activity, exception);
            return Release(run, ConnectionDelay);
        }

        // What isn't committed is rolled back with the connection's return to its pool.
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                var transaction = await connection.BeginTransactionAsync(run.StopToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    var result = await run.Activity.Run(services, run.Task.InputJson, transaction, context, run.StopToken)
                        .ConfigureAwait(false);
                    // From here on, an extension of the lease would wait for the transaction.
                    run.IsCommitting = true;
                    return await CommitAsync(run, connection, transaction, result).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
                when (exception is not (OperationCanceledException or ActivityException) && connection.State != ConnectionState.Open)
            {
                return LetGo(run, exception);
            }
        }
    }

    private async Task<RunEnd> CommitAsync(TaskRun run, NpgsqlConnection connection, NpgsqlTransaction transaction, string result)
    {
        if (connection.State != ConnectionState.Open)
            return Broken(run, "closed its connection", null);
        try
        {
            await CompleteAsync(run, connection, result).ConfigureAwait(false);
        }
        catch (PostgresException error) when (error.SqlState == DurableErrorCodes.TaskLost)
        {
            reporter.Lose(run);
            return Stopped(run);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.NoActiveSqlTransaction)
        {
            return Broken(run, "committed its transaction, or rolled it back", error);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InFailedSqlTransaction)
        {
            return Broken(run, "went on although a statement of its transaction had failed", error);
        }
        catch (PostgresException error) when (error.SqlState[..2] is "22" or "54")
        {
            return Failed(run, error, ActivityFailure.Refused(error));
        }

        try
        {
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not PostgresException { InvariantSeverity: "ERROR" })
        {
            // The transaction may have committed or not.
            return LetGo(run, exception);
        }
        running.Settle(run);
        return new(ActivityTelemetry.Completed);
    }

    private static async Task CompleteAsync(TaskRun run, NpgsqlConnection connection, string result)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(TaskSql.CheckTransaction));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(TaskSql.Complete)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = run.Task.Id },
                new NpgsqlParameter<Guid> { TypedValue = run.Task.Token },
                new NpgsqlParameter<string> { TypedValue = result, NpgsqlDbType = NpgsqlDbType.Json },
            },
        });
        await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private RunEnd Broken(TaskRun run, string what, Exception? cause)
    {
        var exception = new InvalidOperationException(
            $"Activity '{run.Task.Activity}' {what}. A transactional activity must leave its transaction open and usable: it commits " +
            "with the step.", cause);
        return Failed(run, exception, new(exception.Message, DurableErrorCodes.ActivityFailed, false));
    }

    // The database knows whether the transaction committed. If it did, the task has ended. If not, the task is due when its lease runs
    // out, which needn't take its whole time. The delivery counts, so that a task that kills its connection doesn't do so for ever.
    private RunEnd LetGo(TaskRun run, Exception exception)
    {
        ActivityLog.TransactionLost(_logger, run.Task.InstanceId, run.Task.Activity, exception);
        running.Settle(run);
        _ = ShortenLeaseAsync(run.Task);
        return new(ActivityTelemetry.Released);
    }

    private async Task ShortenLeaseAsync(ClaimedTask task)
    {
        try
        {
            // On a connection of its own, because it waits if the server hasn't noticed yet that the transaction is over.
            await using var command = dataSource.CreateCommand(TaskSql.Extend);
            command.CommandTimeout = 5;
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = task.Id });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = task.Token });
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = ShortestLease });
            command.Parameters.Add(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json });
            await command.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or ObjectDisposedException)
        {
            // The lease runs out by itself.
        }
    }
}
