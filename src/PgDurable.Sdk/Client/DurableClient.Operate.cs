using System.Text;
using System.Text.Json;
using NpgsqlTypes;

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

    /// <summary>
    /// Starts a new instance that has the results of another one's steps before a step, and continues from there. The other instance stays
    /// as it is, and may be running.
    /// </summary>
    /// <remarks>
    /// The new instance has the other one's input, variables and database, and no idempotency key. What ran before doesn't run again, but
    /// is undone if the new instance fails.
    /// </remarks>
    /// <param name="instanceId">The other instance's id. The connected role must be the one that started it.</param>
    /// <param name="fromNode">
    /// The step to continue from: the name of its result, its text as <see cref="ExplainAsync"/> or <see cref="HistoryAsync"/> shows it, or
    /// its node's id.
    /// </param>
    /// <param name="version">
    /// The version of the workflow to continue with, whose graph must be the same up to that step, or null for the same graph.
    /// </param>
    /// <param name="label">The label, or null for the other instance's label.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The new instance.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or it isn't one of the connected role.</exception>
    /// <exception cref="WorkflowStateException">
    /// Nothing can continue from there: the message says why. The instance hasn't reached the step, no or several steps have that name, the
    /// graphs differ before it, it is inside of something that runs side by side, or what ran before it has been undone.
    /// </exception>
    public async Task<WorkflowHandle> ForkAsync(
        string instanceId, string fromNode, int? version = null, string? label = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(fromNode);
        var id = (string)(await ScalarAsync(
            new(ClientTelemetry.Fork, instanceId), ct, ClientSql.Fork, Text(instanceId), Text(fromNode),
            Parameter(version, NpgsqlDbType.Integer), Text(label)).ConfigureAwait(false))!;
        return new(this, id);
    }

    /// <summary>
    /// Moves the connected role's running instances of a version of a workflow to another version, wherever both have the same graph as far
    /// as an instance has come.
    /// </summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="fromVersion">The version to move from.</param>
    /// <param name="toVersion">The version to move to, which must be registered.</param>
    /// <param name="dryRun">Whether to only say which instances would be moved.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>All running instances of the first version, and what became of each. None is moved if the call fails.</returns>
    /// <exception cref="WorkflowNotRegisteredException">The role hasn't registered <paramref name="toVersion"/>.</exception>
    public Task<IReadOnlyList<MigratedInstance>> MigrateAsync(
        string workflow, int fromVersion, int toVersion, bool dryRun = false, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        return CallAsync(
            new(ClientTelemetry.Migrate, Workflow: workflow, Version: toVersion),
            Command(
                ClientSql.Migrate, Text(workflow), Parameter(fromVersion, NpgsqlDbType.Integer), Parameter(toVersion, NpgsqlDbType.Integer),
                Parameter(dryRun, NpgsqlDbType.Boolean)),
            async command =>
            {
                var all = new List<MigratedInstance>();
                await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
                while (await reader.ReadAsync(ct).ConfigureAwait(false))
                    all.Add(new(reader.GetString(0), reader.GetBoolean(1), TextAt(reader, 2)));
                return (IReadOnlyList<MigratedInstance>)all;
            });
    }

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
