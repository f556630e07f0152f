using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Lets contexts take part in the transactions of activities.</summary>
public static class PgDurableDbContextExtensions
{
    /// <summary>
    /// Makes a context use a transaction, such as the one of a transactional activity, and its connection: what the context saves commits
    /// with the transaction. The context neither commits it nor closes the connection. Dispose the context, or don't use it any more, once
    /// the transaction has ended.
    /// </summary>
    /// <param name="context">The context. Its provider must be the one for PostgreSQL.</param>
    /// <param name="transaction">The open transaction.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the context uses the transaction.</returns>
    /// <exception cref="NotSupportedException">The context's database isn't PostgreSQL.</exception>
    /// <exception cref="InvalidOperationException">
    /// The context has an open connection or a transaction of its own, its execution strategy retries, or the transaction has ended.
    /// </exception>
    public static async Task EnlistAsync(this DbContext context, NpgsqlTransaction transaction, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(transaction);
        var database = context.Database;
        if (!database.IsNpgsql())
        {
            throw new NotSupportedException(
                $"Only a context for PostgreSQL can use the transaction, but this one is for {database.ProviderName}.");
        }

        // Fails if the transaction has ended.
        _ = transaction.IsolationLevel;
        var connection = transaction.Connection
            ?? throw new InvalidOperationException("The transaction has ended, so the context can't use it.");
        if (database.CurrentTransaction is { } current && current.GetDbTransaction() == transaction)
            return;
        if (database.CurrentTransaction is not null)
        {
            throw new InvalidOperationException(
                $"The {context.GetType().Name} already has a transaction. Enlist it before it begins one, or use another context.");
        }
        if (database.GetDbConnection() is { State: not System.Data.ConnectionState.Closed } own && own != connection)
        {
            throw new InvalidOperationException(
                $"The {context.GetType().Name} already has an open connection. Enlist it before it opens one, or use another context.");
        }
        if (database.CreateExecutionStrategy().RetriesOnFailure)
        {
            throw new InvalidOperationException(
                $"The execution strategy of the {context.GetType().Name} retries, which it can't do in a transaction that it didn't " +
                "begin. Configure the context for activities without EnableRetryOnFailure; the step's retry policy tries again.");
        }
        database.SetDbConnection(connection, contextOwnsConnection: false);
        await database.UseTransactionAsync(transaction, ct).ConfigureAwait(false);
    }
}
