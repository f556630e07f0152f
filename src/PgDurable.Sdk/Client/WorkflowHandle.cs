namespace PgDurable;

/// <summary>One started instance.</summary>
/// <remarks>
/// A handle looks from outside, on connections of its own: an instance that was started in a transaction can be waited for when that
/// transaction has committed.
/// </remarks>
public class WorkflowHandle
{
    private readonly DurableClient _client;
    private readonly bool _boundToTransaction;

    internal WorkflowHandle(DurableClient client, string instanceId)
    {
        _client = client.OutsideTransaction();
        _boundToTransaction = client.IsBound;
        InstanceId = instanceId;
    }

    /// <summary>The instance's id: eight lower-case hexadecimal digits.</summary>
    public string InstanceId { get; }

    /// <summary>Asks for the status.</summary>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The status.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    public Task<WorkflowStatus> StatusAsync(CancellationToken ct = default) => _client.StatusAsync(InstanceId, ct);

    /// <summary>Cancels the instance. One that has ended stays as it is.</summary>
    /// <param name="reason">What the instance's error will say; null for the database's default.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the cancellation is recorded.</returns>
    public Task CancelAsync(string? reason = null, CancellationToken ct = default) => _client.CancelAsync(InstanceId, reason, ct);

    /// <summary>Waits until the instance has completed.</summary>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="ct">Ends the wait, not the instance.</param>
    /// <returns>A task that ends when the instance has completed.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    /// <exception cref="InvalidOperationException">The transaction that started the instance has not committed.</exception>
    /// <exception cref="TimeoutException">The instance goes on after <paramref name="timeout"/>.</exception>
    public Task WaitAsync(TimeSpan? timeout = null, CancellationToken ct = default) => WaitForJsonAsync(timeout, ct);

    private protected Task<string?> WaitForJsonAsync(TimeSpan? timeout, CancellationToken ct) =>
        _client.Poller(InstanceId).WaitAsync(InstanceId, _boundToTransaction, timeout, ct);
}
