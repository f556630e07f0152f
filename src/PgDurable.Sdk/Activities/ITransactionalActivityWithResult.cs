using Npgsql;

namespace PgDurable;

/// <summary>
/// A step with a result whose code runs in the application, with a database transaction. What it writes in the transaction, and the step's
/// completion, commit together: exactly once.
/// </summary>
/// <typeparam name="TIn">The input: a record, a class or a single value.</typeparam>
/// <typeparam name="TOut">The result: a record, a class or a single value. Later steps refer to its properties.</typeparam>
public interface ITransactionalActivity<in TIn, TOut>
{
    /// <summary>Runs the activity. Each run has a service scope and an instance of the class of its own.</summary>
    /// <param name="input">The input.</param>
    /// <param name="transaction">An open transaction. It commits after the method returns; don't commit it or roll it back.</param>
    /// <param name="context">What the activity knows about the step that it runs for.</param>
    /// <param name="ct">
    /// Canceled when the result is no longer wanted: the lease is lost, the step's time is up, or its workflow was canceled.
    /// </param>
    /// <returns>The step's result.</returns>
    /// <exception cref="ActivityException">The step failed, with this SQLSTATE, and may be worth a retry or not.</exception>
    Task<TOut> RunAsync(TIn input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct);
}
