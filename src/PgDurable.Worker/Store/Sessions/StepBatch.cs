using System.Data;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>A batch that ends with the entry into a role and a user's statement.</summary>
internal sealed class StepBatch
{
    private readonly NpgsqlBatch _batch;
    private readonly PreparedSteps _prepared;
    private readonly SessionTokens _tokens;
    private readonly int _resultSetsBefore;

    /// <param name="batch">Its last command is replaced by the user's statement.</param>
    /// <param name="prepared">The statements that its connection has prepared.</param>
    /// <param name="tokens">Those of its connection.</param>
    public StepBatch(NpgsqlBatch batch, PreparedSteps prepared, SessionTokens tokens)
    {
        (_batch, _prepared, _tokens) = (batch, prepared, tokens);
        TextResults.Want(batch);
        _resultSetsBefore = batch.BatchCommands.Cast<NpgsqlBatchCommand>().SkipLast(1).Count(command => command.CommandText.StartsWith("SELECT ", StringComparison.Ordinal));
    }

    public NpgsqlBatchCommandCollection Commands => _batch.BatchCommands;

    public NpgsqlBatchCommand Enter => Commands[^2];

    /// <summary>Whether the step whose checkpoint this has recorded has cancelled its own instance.</summary>
    public bool HasCancelledItself { get; private set; }

    private NpgsqlBatchCommand Statement => Commands[^1];

    public async Task<StepResult> ExecuteAsync(StepStatement step, long maxResultBytes)
    {
        Enter.Parameters[0].Value = step.Role;
        Enter.Parameters[1].Value = _tokens.Next();
        // A new command every time: with another text, one that was prepared would still execute what it was prepared for.
        var statement = new NpgsqlBatchCommand();
        Commands[^1] = statement;
        var toPrepare = _prepared.Fill(statement, step);
        var result = await ExecuteAsync(step.Cancelled, maxResultBytes);
        _prepared.Remember(step);
        if (toPrepare is not null)
            await _prepared.PrepareAsync(toPrepare, statement.Parameters.Count);
        return result;
    }

    /// <summary>Whether an error is that of a command before the entry into the step's role.</summary>
    public bool FailedBeforeStep(Exception e) =>
        e is PostgresException { BatchCommand: { } command } && command != Enter && command != Statement;

    private async Task<StepResult> ExecuteAsync(CancellationToken cancelled, long maxResultBytes)
    {
        await using var stop = new StatementStop(_batch.Connection!, cancelled); // the token is not Npgsql's to watch
        HasCancelledItself = false;
        var reader = await _batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, CancellationToken.None);
        ResultEncoder result;
        try
        {
            for (var i = 0; i < _resultSetsBefore; i++)
            {
                if (i == 0 && Commands[0].CommandText == SqlCatalog.CommitStep)
                    HasCancelledItself = await reader.ReadAsync(CancellationToken.None) && reader.GetValue(0) is false or "f"; // a value if the statement is prepared, else a text
                await reader.NextResultAsync(CancellationToken.None);
            }
            result = await ResultEncoder.ReadAsync(reader, Statement, maxResultBytes, CancellationToken.None);
        }
        catch (ResultTooLargeException)
        {
            stop.Stop(); // or closing the reader would fetch the rest
            throw;
        }
        finally
        {
            await CloseAsync(reader);
        }
        using (result)
            return await result.FinishAsync(types => TypeLookup.FindAsync(_batch.Connection!, types, CancellationToken.None));
    }

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
}
