using System.Text.Json;

namespace PgDurable;

/// <summary>A handle to a started instance.</summary>
/// <remarks>
/// A handle uses its own connections and therefore sees only committed data. If an instance was started in a transaction, commit the
/// transaction before you wait for the instance.
/// </remarks>
public class WorkflowHandle
{
    private readonly DurableClient _client;
    private readonly WorkflowDefinition? _definition;
    private readonly bool _boundToTransaction;

    internal WorkflowHandle(DurableClient client, string instanceId, WorkflowDefinition? definition = null)
    {
        _definition = definition;
        _client = client.OutsideTransaction();
        _boundToTransaction = client.IsBound;
        InstanceId = instanceId;
    }

    /// <summary>The instance's id: eight lowercase hexadecimal digits.</summary>
    public string InstanceId { get; }

    /// <inheritdoc cref="DurableClient.StatusAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<WorkflowStatus> StatusAsync(CancellationToken ct = default) => _client.StatusAsync(InstanceId, ct);

    /// <summary>Gets what the workflow last published with <see cref="Flow.Publish"/>.</summary>
    /// <typeparam name="T">
    /// The type that the workflow publishes. Make it nullable if it is a value type: <c>StateAsync&lt;int?&gt;</c>.
    /// </typeparam>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The value, or null if the instance has published nothing yet.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="WorkflowResultException">
    /// What was published doesn't fit the type: another version of the workflow published it, or SQL did.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The workflow publishes another type, or the handle was made without the workflow's definition.
    /// </exception>
    public async Task<T?> StateAsync<T>(CancellationToken ct = default)
    {
        if (_definition is null)
            throw new InvalidOperationException(
                "This handle doesn't know what its workflow publishes. Make it with Handle(definition, id), or use StateJsonAsync.");
        var json = await StateJsonAsync(ct).ConfigureAwait(false);
        return _definition.ReadState<T>(json);
    }

    /// <inheritdoc cref="DurableClient.StateJsonAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<string?> StateJsonAsync(CancellationToken ct = default) => _client.StateJsonAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.InfoAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<InstanceInfo> InfoAsync(CancellationToken ct = default) => _client.InfoAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.HistoryAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<IReadOnlyList<HistoryEntry>> HistoryAsync(CancellationToken ct = default) => _client.HistoryAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.WhyAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<string> WhyAsync(CancellationToken ct = default) => _client.WhyAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.ExplainAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<string> ExplainAsync(CancellationToken ct = default) => _client.ExplainAsync(InstanceId, ct);

    /// <inheritdoc
    ///     cref="DurableClient.SignalAsync(string, string, string?, CancellationToken)"
    ///     path="/*[not(self::param[@name='instanceId'])]"/>
    public Task SignalAsync(string name, string? payload = null, CancellationToken ct = default) =>
        _client.SignalAsync(InstanceId, name, payload, ct);

    /// <summary>Sends a signal with a typed payload.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="write">Writes the payload as a JSON value.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the signal is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public Task SignalAsync<T>(string name, T payload, Action<Utf8JsonWriter, T> write, CancellationToken ct = default) =>
        _client.SignalAsync(InstanceId, name, payload, write, ct);

    /// <inheritdoc cref="DurableClient.CancelAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task CancelAsync(string? reason = null, CancellationToken ct = default) => _client.CancelAsync(InstanceId, reason, ct);

    /// <inheritdoc cref="DurableClient.TerminateAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task TerminateAsync(string? reason = null, CancellationToken ct = default) =>
        _client.TerminateAsync(InstanceId, reason, ct);

    /// <inheritdoc cref="DurableClient.PauseAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task PauseAsync(CancellationToken ct = default) => _client.PauseAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.ResumeAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task ResumeAsync(CancellationToken ct = default) => _client.ResumeAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.RetryAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task RetryAsync(CancellationToken ct = default) => _client.RetryAsync(InstanceId, ct);

    /// <inheritdoc cref="DurableClient.ForkAsync" path="/*[not(self::param[@name='instanceId'])]"/>
    public Task<WorkflowHandle> ForkAsync(
        string fromNode, int? version = null, string? label = null, CancellationToken ct = default) =>
        _client.ForkAsync(InstanceId, fromNode, version, label, ct);

    /// <summary>Waits until the instance completes.</summary>
    /// <param name="timeout">The maximum time to wait, or null for no limit.</param>
    /// <param name="ct">Cancels the wait, not the instance.</param>
    /// <returns>A task that completes when the instance does.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="InvalidOperationException">The transaction that started the instance hasn't committed.</exception>
    /// <exception cref="TimeoutException">The instance hasn't ended within <paramref name="timeout"/>. It continues.</exception>
    public Task WaitAsync(TimeSpan? timeout = null, CancellationToken ct = default) => ResultJsonAsync(timeout, ct);

    /// <summary>Waits until the instance completes and returns its result as JSON.</summary>
    /// <param name="timeout">The maximum time to wait, or null for no limit.</param>
    /// <param name="ct">Cancels the wait, not the instance.</param>
    /// <returns>The JSON that <c>df.result</c> returns, or null if the workflow has no result.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="InvalidOperationException">The transaction that started the instance hasn't committed.</exception>
    /// <exception cref="TimeoutException">The instance hasn't ended within <paramref name="timeout"/>. It continues.</exception>
    public Task<string?> ResultJsonAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        _client.WaitAsync(InstanceId, _boundToTransaction, timeout, ct);
}
