using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <content>Acts on all instances that match a query.</content>
public sealed partial class DurableClient
{
    /// <summary>
    /// Starts an instance that acts on all the role's instances that match a query, in batches. Instances that are started later, and
    /// other instances of this kind, are left alone. It can be watched and cancelled like any other.
    /// </summary>
    /// <param name="action">What to do with them.</param>
    /// <param name="query">The query, as for <see cref="SearchAsync"/>. The empty query finds all instances.</param>
    /// <param name="options">Reason, signal and other options.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The instance that does it. <see cref="BulkProgressAsync"/> says how far it is.</returns>
    /// <exception cref="PostgresException">The query or an option isn't valid; the message says what is wrong.</exception>
    public async Task<WorkflowHandle> BulkAsync(
        BulkAction action, string query, BulkOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        options ??= new BulkOptions();
        if (options.SignalPayload is { } payload)
            RequireJson(payload);
        return new(this, (string)(await ScalarAsync(
            new(ClientTelemetry.Bulk), ct, ClientSql.Bulk,
            Text(Word(action)), Text(query), Text(options.Reason), Text(options.SignalName), Text(options.SignalPayload),
            Parameter(options.BatchSize, NpgsqlDbType.Integer)).ConfigureAwait(false))!);
    }

    /// <summary>Counts the instances that match a query, and those on which an action would act now. Counting stops at 10,000.</summary>
    /// <param name="action">The action.</param>
    /// <param name="query">The query, as for <see cref="SearchAsync"/>.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="PostgresException">The query isn't valid; the message says what is wrong.</exception>
    public async Task<BulkPreview> BulkPreviewAsync(BulkAction action, string query, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var command = Command(ClientSql.BulkPreview, Text(Word(action)), Text(query));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2));
    }

    /// <summary>Gets how far an instance that <see cref="BulkAsync"/> started is.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The progress, or null if its first batch isn't done yet.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public async Task<BulkProgress?> BulkProgressAsync(string instanceId, CancellationToken ct = default)
    {
        if (await StateJsonAsync(instanceId, ct).ConfigureAwait(false) is not { } json)
            return null;
        var state = JsonElement.Parse(json);
        return new(
            Number("done"), Number("failed"), Number("seen"), Number("expected"), state.GetProperty("capped").GetBoolean(),
            state.TryGetProperty("last_error", out var error) ? error.GetString() : null);

        long Number(string name) => state.GetProperty(name).GetInt64();
    }

    private static string Word(BulkAction action) => action switch
    {
        BulkAction.Cancel => "cancel",
        BulkAction.Terminate => "terminate",
        BulkAction.Retry => "retry",
        BulkAction.Pause => "pause",
        BulkAction.Resume => "resume",
        BulkAction.Signal => "signal",
        BulkAction.Delete => "delete",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "There is no such action."),
    };
}
