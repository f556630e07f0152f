using System.Text;
using System.Text.Json;

namespace PgDurable;

// What is done to an instance that was started.
public sealed partial class DurableClient
{
    /// <summary>Sends a signal. It is kept until the instance waits for it, and does nothing to one that has ended.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">The payload, as JSON; null for <c>{}</c>.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the signal is recorded.</returns>
    /// <exception cref="JsonException"><paramref name="payload"/> is not JSON.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    public Task SignalAsync(string instanceId, string name, string? payload = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(name);
        payload ??= "{}";
        // The database would take any other text as a JSON string, and the waiting step would find it in the wrong form.
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(payload), new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
        }

        return ScalarAsync(new(ClientTelemetry.Signal, instanceId), ct, ClientSql.Signal, Text(instanceId), Text(name), Text(payload));
    }

    /// <summary>Sends a signal with a typed payload. Called by generated code.</summary>
    /// <typeparam name="T">The payload.</typeparam>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="write">Writes the payload as one JSON value.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the signal is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    public Task SignalAsync<T>(
        string instanceId, string name, T payload, Action<Utf8JsonWriter, T> write, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer, payload);
        return SignalAsync(instanceId, name, Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length), ct);
    }

    /// <summary>Cancels an instance and the workflows that it called. One that has ended stays as it is.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="reason">What the instance's error will say; null for the database's default.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the cancellation is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    public Task CancelAsync(string instanceId, string? reason = null, CancellationToken ct = default) => reason is null
        ? OperateAsync(ClientTelemetry.Cancel, ClientSql.CancelWithDefaultReason, instanceId, ct)
        : ScalarAsync(new(ClientTelemetry.Cancel, instanceId), ct, ClientSql.Cancel, Text(instanceId), Text(reason));

    /// <summary>Pauses an instance: the step that is running finishes, and none begins until it is resumed.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the pause is recorded; the worker hears of it within a second.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    /// <exception cref="WorkflowStateException">The instance has ended or is paused already.</exception>
    public Task PauseAsync(string instanceId, CancellationToken ct = default) =>
        OperateAsync(ClientTelemetry.Pause, ClientSql.Pause, instanceId, ct);

    /// <summary>Lets a paused instance go on.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when that is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    /// <exception cref="WorkflowStateException">The instance is not paused.</exception>
    public Task ResumeAsync(string instanceId, CancellationToken ct = default) =>
        OperateAsync(ClientTelemetry.Resume, ClientSql.Resume, instanceId, ct);

    /// <summary>Lets a failed instance go on at the step that failed. Steps that completed are not run again.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when that is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    /// <exception cref="WorkflowStateException">The instance has not failed.</exception>
    public Task RetryAsync(string instanceId, CancellationToken ct = default) =>
        OperateAsync(ClientTelemetry.Retry, ClientSql.Retry, instanceId, ct);

    private Task OperateAsync(string operation, string sql, string instanceId, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return ScalarAsync(new(operation, instanceId), ct, sql, Text(instanceId));
    }
}
