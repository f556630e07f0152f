namespace PgDurable;

/// <summary>One started instance of a workflow with a result.</summary>
/// <typeparam name="T">The result.</typeparam>
public sealed class WorkflowHandle<T> : WorkflowHandle
{
    private readonly Func<string, T> _readResult;

    internal WorkflowHandle(DurableClient client, string instanceId, Func<string, T> readResult)
        : base(client, instanceId) => _readResult = readResult;

    /// <summary>Waits until the instance has completed and reads its result.</summary>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="ct">Ends the wait, not the instance.</param>
    /// <returns>The result.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    /// <exception cref="WorkflowResultException">The result does not fit <typeparamref name="T"/>.</exception>
    /// <exception cref="InvalidOperationException">The transaction that started the instance has not committed.</exception>
    /// <exception cref="TimeoutException">The instance goes on after <paramref name="timeout"/>.</exception>
    public async Task<T> ResultAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var json = await ResultJsonAsync(timeout, ct).ConfigureAwait(false);
        return _readResult(json ?? throw new WorkflowResultException($"Workflow instance '{InstanceId}' completed without a result."));
    }
}
