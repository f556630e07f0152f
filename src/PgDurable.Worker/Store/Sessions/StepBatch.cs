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
    private readonly EnterCommand _enter = new();
    private readonly bool _beginsWithCommit;
    private readonly int _resultSetsBefore;

    /// <param name="batch">What comes before the entry into the role.</param>
    /// <param name="prepared">The statements that its connection has prepared.</param>
    /// <param name="tokens">Those of its connection.</param>
    public StepBatch(NpgsqlBatch batch, PreparedSteps prepared, SessionTokens tokens)
    {
        (_batch, _prepared, _tokens) = (batch, prepared, tokens);
        TextResults.Want(batch);
        _beginsWithCommit = Commands[0].CommandText == CommitStepCommand.Sql;
        Commands.Add(_enter.Command);
        _resultSetsBefore =
            Commands.Cast<NpgsqlBatchCommand>().Count(command => command.CommandText.StartsWith("SELECT ", StringComparison.Ordinal));
        Commands.Add(new NpgsqlBatchCommand());
    }

    /// <summary>Whether the step whose checkpoint this batch has recorded has cancelled its own instance.</summary>
    public bool HasCancelledItself { get; private set; }

    private NpgsqlBatchCommandCollection Commands => _batch.BatchCommands;

    private NpgsqlBatchCommand Statement => Commands[^1];

    public async Task<StepResult> ExecuteAsync(StepStatement step, long maxResultBytes)
    {
        _enter.Fill(step.Role, _tokens.Next());
        // A new command each time: a prepared one would run what it was prepared for, even with another text.
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
        e is PostgresException { BatchCommand: { } command } && command != _enter.Command && command != Statement;

    private async Task<StepResult> ExecuteAsync(CancellationToken cancelled, long maxResultBytes)
    {
        await using var stop = new StatementStop(_batch.Connection!, cancelled); // instead of Npgsql's own handling of the token
        HasCancelledItself = false;
        var reader = await _batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, CancellationToken.None);
        ResultEncoder result;
        try
        {
            for (var i = 0; i < _resultSetsBefore; i++)
            {
                // The value is a text unless the statement is prepared.
                if (i == 0 && _beginsWithCommit)
                    HasCancelledItself = await reader.ReadAsync(CancellationToken.None) && reader.GetValue(0) is false or "f";
                await reader.NextResultAsync(CancellationToken.None);
            }
            result = await ResultEncoder.ReadAsync(reader, Statement, maxResultBytes, CancellationToken.None);
        }
        catch (ResultTooLargeException)
        {
            stop.Stop(); // closing the reader would otherwise fetch the rest
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
            // The end of the cancelled statement. The reason for the cancellation is on its way to the caller.
        }
    }
}
