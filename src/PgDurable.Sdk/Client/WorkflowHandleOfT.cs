namespace PgDurable;

/// <summary>A handle to an instance of a workflow with a result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed class WorkflowHandle<T> : WorkflowHandle
{
    private readonly Func<string, T> _readResult;

    internal WorkflowHandle(DurableClient client, string instanceId, WorkflowDefinition definition, Func<string, T> readResult)
        : base(client, instanceId, definition) => _readResult = readResult;

    /// <summary>Waits until the instance completes and returns its result.</summary>
    /// <param name="timeout">The maximum time to wait, or null for no limit.</param>
    /// <param name="ct">Cancels the wait, not the instance.</param>
    /// <returns>The result.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="WorkflowResultException">The result doesn't fit <typeparamref name="T"/>.</exception>
    /// <exception cref="InvalidOperationException">The transaction that started the instance hasn't committed.</exception>
    /// <exception cref="TimeoutException">The instance hasn't ended within <paramref name="timeout"/>. It continues.</exception>
    public async Task<T> ResultAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var json = await ResultJsonAsync(timeout, ct).ConfigureAwait(false);
        return _readResult(json ?? throw new WorkflowResultException($"Workflow instance '{InstanceId}' completed without a result."));
    }
}
