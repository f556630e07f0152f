using System.Text;
using System.Text.Json;

namespace PgDurable;

// Operations on a started instance.
public sealed partial class DurableClient
{
    /// <summary>Sends a signal. It is kept until the instance waits for it. A signal to an instance that has ended has no effect.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">The payload as JSON, or null for <c>{}</c>.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the signal is recorded.</returns>
    /// <exception cref="JsonException"><paramref name="payload"/> isn't valid JSON.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public Task SignalAsync(string instanceId, string name, string? payload = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(name);
        payload ??= "{}";
        RequireJson(payload);
        return ScalarAsync(new(ClientTelemetry.Signal, instanceId), ct, ClientSql.Signal, Text(instanceId), Text(name), Text(payload));
    }

    /// <summary>Sends a signal with a typed payload. Called by generated code.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="write">Writes the payload as a JSON value.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the signal is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public Task SignalAsync<T>(
        string instanceId, string name, T payload, Action<Utf8JsonWriter, T> write, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        return SignalAsync(instanceId, name, JsonValueText.Write(write, payload), ct);
    }

    /// <summary>
    /// Cancels an instance and the workflows that it called. With <see cref="OnCancel.Undo"/>, the steps are undone first. Cancelling an
    /// instance that has ended has no effect.
    /// </summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="reason">The reason, which the instance's error will contain, or null for the database's default.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the cancellation is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public Task CancelAsync(string instanceId, string? reason = null, CancellationToken ct = default) => reason is null
        ? OperateAsync(ClientTelemetry.Cancel, ClientSql.CancelWithDefaultReason, instanceId, ct)
        : ScalarAsync(new(ClientTelemetry.Cancel, instanceId), ct, ClientSql.Cancel, Text(instanceId), Text(reason));

    /// <summary>
    /// Ends an instance and the workflows that it called without undoing anything, also if they are undoing their steps. Terminating an
    /// instance that has ended has no effect.
    /// </summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="reason">The reason, which the instance's error will contain, or null for the database's default.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the request is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken ct = default) => reason is null
        ? OperateAsync(ClientTelemetry.Terminate, ClientSql.TerminateWithDefaultReason, instanceId, ct)
        : ScalarAsync(new(ClientTelemetry.Terminate, instanceId), ct, ClientSql.Terminate, Text(instanceId), Text(reason));

    /// <summary>Pauses an instance. The running step finishes, and no other step starts until the instance is resumed.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the pause is recorded. The worker learns of it within a second.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="WorkflowStateException">The instance has ended or is already paused.</exception>
    public Task PauseAsync(string instanceId, CancellationToken ct = default) =>
        OperateAsync(ClientTelemetry.Pause, ClientSql.Pause, instanceId, ct);

    /// <summary>Resumes a paused instance.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the request is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="WorkflowStateException">The instance isn't paused.</exception>
    public Task ResumeAsync(string instanceId, CancellationToken ct = default) =>
        OperateAsync(ClientTelemetry.Resume, ClientSql.Resume, instanceId, ct);

    /// <summary>Retries a failed instance from the step that failed. Completed steps don't run again.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that completes once the request is recorded.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="WorkflowStateException">The instance hasn't failed.</exception>
    public Task RetryAsync(string instanceId, CancellationToken ct = default) =>
        OperateAsync(ClientTelemetry.Retry, ClientSql.Retry, instanceId, ct);

    // The database would store text that isn't JSON as a JSON string, which isn't what the waiting step expects.
    private static void RequireJson(string payload)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(payload), new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
        }
    }

    private Task OperateAsync(string operation, string sql, string instanceId, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return ScalarAsync(new(operation, instanceId), ct, sql, Text(instanceId));
    }
}
