using Npgsql;

namespace PgDurable;

// Queries about instances.
public sealed partial class DurableClient
{
    /// <summary>Gets an instance's status.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The status.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public async Task<WorkflowStatus> StatusAsync(string instanceId, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        await using var command = Command(ClientSql.Status, Text(instanceId));
        var status = await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string;
        return new InstanceState(status, Result: null, Error: null).Parse(instanceId);
    }

    /// <summary>
    /// Waits until an instance completes and returns its result as JSON. It uses its own connections and therefore sees only committed
    /// data.
    /// </summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="timeout">The maximum time to wait, or null for no limit.</param>
    /// <param name="ct">Cancels the wait, not the instance.</param>
    /// <returns>The JSON that <c>df.result</c> returns, or null if the workflow has no result.</returns>
    /// <exception cref="WorkflowFailedException">The instance failed.</exception>
    /// <exception cref="WorkflowCancelledException">The instance was cancelled.</exception>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    /// <exception cref="TimeoutException">The instance hasn't ended within <paramref name="timeout"/>. It continues.</exception>
    public Task<string?> ResultJsonAsync(string instanceId, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return OutsideTransaction().WaitAsync(instanceId, IsBound, timeout, ct);
    }

    /// <summary>Gets what an instance last published, as JSON.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The JSON that <c>df.state</c> returns, or null if the instance has published nothing yet.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public async Task<string?> StateJsonAsync(string instanceId, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        await using var command = Command(ClientSql.State, Text(instanceId));
        var state = await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string;

        // Throws if the instance doesn't exist.
        if (state is null)
            await StatusAsync(instanceId, ct).ConfigureAwait(false);
        return state;
    }

    /// <summary>Gets information about an instance.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The information that <c>df.instances</c> shows.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public async Task<InstanceInfo> InfoAsync(string instanceId, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        await using var command = Command(ClientSql.Info, Text(instanceId));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        return await reader.ReadAsync(ct).ConfigureAwait(false) ? InfoAt(reader) : throw new WorkflowNotFoundException(instanceId);
    }

    /// <summary>Says in words why an instance doesn't go on: what it waits for, what it runs, or how it ended. For people.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>What <c>df.why</c> says.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public async Task<string> WhyAsync(string instanceId, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        await using var command = Command(ClientSql.Why, Text(instanceId));
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string ?? throw new WorkflowNotFoundException(instanceId);
    }

    /// <summary>Gets what an instance has done so far, in order.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>One entry for each finished execution of a step or wait, and for each finished loop iteration.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(string instanceId, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var entries = new List<HistoryEntry>();
        await using (var command = Command(ClientSql.History, Text(instanceId)))
        {
            await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
                entries.Add(EntryAt(reader));
        }

        // Throws if the instance doesn't exist.
        if (entries.Count == 0)
            await StatusAsync(instanceId, ct).ConfigureAwait(false);
        return entries;
    }

    /// <summary>Gets an instance's graph with the state of each node.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The tree that <c>df.explain</c> prints.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance doesn't exist, or the role can't see it.</exception>
    public async Task<string> ExplainAsync(string instanceId, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        await using var command = Command(ClientSql.Explain, Text(instanceId));
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string ?? throw new WorkflowNotFoundException(instanceId);
    }

    internal async Task<string?> WaitAsync(string instanceId, bool boundToTransaction, TimeSpan? timeout, CancellationToken ct)
    {
        var started = _context.Time.GetTimestamp();
        var outcome = ClientTelemetry.GaveUp;
        try
        {
            var ends = new EndAnnouncements(
                () => _context.Ends.Join(instanceId), cancel => WatchAsync(instanceId, cancel), _context.Ends.Missed);
            var poller = new ResultPoller(cancel => LookAsync(instanceId, cancel), _context.Time, _context.Options, ends);
            var result = await poller.WaitAsync(instanceId, boundToTransaction, timeout, ct).ConfigureAwait(false);
            outcome = InstanceState.Word(WorkflowStatus.Completed);
            return result;
        }
        catch (WorkflowFailedException)
        {
            outcome = InstanceState.Word(WorkflowStatus.Failed);
            throw;
        }
        catch (WorkflowCancelledException)
        {
            outcome = InstanceState.Word(WorkflowStatus.Cancelled);
            throw;
        }
        finally
        {
            ClientTelemetry.Waited(outcome, _context.Time.GetElapsedTime(started));
        }
    }

    private async Task<InstanceState> LookAsync(string instanceId, CancellationToken ct)
    {
        await using var command = Command(ClientSql.Look, Text(instanceId));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        return new(TextAt(reader, 0), TextAt(reader, 1), TextAt(reader, 2));
    }

    // df.watch fails on a standby, and doesn't exist if the schema is older than this client.
    private async Task<bool> WatchAsync(string instanceId, CancellationToken ct)
    {
        try
        {
            await using var command = Command(ClientSql.Watch, Text(instanceId));
            await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    private static InstanceInfo InfoAt(NpgsqlDataReader reader)
    {
        var id = reader.GetString(1);
        return new(
            id, TextAt(reader, 2), TextAt(reader, 3), reader.IsDBNull(4) ? null : reader.GetInt32(4),
            new InstanceState(reader.GetString(5), Result: null, Error: null).Parse(id), reader.GetString(6), TextAt(reader, 7),
            reader.GetFieldValue<DateTimeOffset>(8), TimeAt(reader, 9), TimeAt(reader, 10), TextAt(reader, 11));
    }

    private static HistoryEntry EntryAt(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), reader.GetInt32(4),
        reader.GetString(5) == "failed", reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7),
        reader.IsDBNull(8) ? null : reader.GetInt64(8), TextAt(reader, 9), reader.GetInt32(10), TextAt(reader, 11));
}
