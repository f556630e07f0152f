using System.Text.Json;

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

    /// <inheritdoc cref="DurableClient.StatusAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<WorkflowStatus> StatusAsync(CancellationToken ct = default) => _client.StatusAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.InfoAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<InstanceInfo> InfoAsync(CancellationToken ct = default) => _client.InfoAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.HistoryAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<IReadOnlyList<HistoryEntry>> HistoryAsync(CancellationToken ct = default) => _client.HistoryAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.ExplainAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<string> ExplainAsync(CancellationToken ct = default) => _client.ExplainAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.SignalAsync(string, string, string?, CancellationToken)" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task SignalAsync(string name, string? payload = null, CancellationToken ct = default) => _client.SignalAsync(InstanceId, name, payload, ct);

    /// <summary>Sends a signal with a typed payload.</summary>
    /// <typeparam name="T">The payload.</typeparam>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="write">Writes the payload as one JSON value.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the signal is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    public Task SignalAsync<T>(string name, T payload, Action<Utf8JsonWriter, T> write, CancellationToken ct = default) =>
        _client.SignalAsync(InstanceId, name, payload, write, ct);

    /// <inheritdoc cref="DurableClient.CancelAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task CancelAsync(string? reason = null, CancellationToken ct = default) => _client.CancelAsync(InstanceId, reason, ct);

    /// <inheritdoc cref="DurableClient.PauseAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task PauseAsync(CancellationToken ct = default) => _client.PauseAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.ResumeAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task ResumeAsync(CancellationToken ct = default) => _client.ResumeAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.RetryAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task RetryAsync(CancellationToken ct = default) => _client.RetryAsync(InstanceId, ct);

    /// <summary>Waits until the instance has completed.</summary>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="ct">Ends the wait, not the instance.</param>
    /// <returns>A task that ends when the instance has completed.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    /// <exception cref="InvalidOperationException">The transaction that started the instance has not committed.</exception>
    /// <exception cref="TimeoutException">The instance goes on after <paramref name="timeout"/>.</exception>
    public Task WaitAsync(TimeSpan? timeout = null, CancellationToken ct = default) => ResultJsonAsync(timeout, ct);

    /// <summary>Waits until the instance has completed and returns its result as JSON.</summary>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="ct">Ends the wait, not the instance.</param>
    /// <returns>What <c>df.result</c> says; null for a workflow that has no result.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    /// <exception cref="InvalidOperationException">The transaction that started the instance has not committed.</exception>
    /// <exception cref="TimeoutException">The instance goes on after <paramref name="timeout"/>.</exception>
    public Task<string?> ResultJsonAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        _client.WaitAsync(InstanceId, _boundToTransaction, timeout, ct);
}
