using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>Starts workflows and finds out how they are. Thread-safe; one for each data source is enough.</summary>
public sealed class DurableClient
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly TimeProvider _time;
    private readonly NpgsqlTransaction? _transaction;

    /// <summary>Makes a client that takes a connection from the data source for each call.</summary>
    /// <param name="dataSource">The database that has the extension.</param>
    /// <param name="timeProvider">The clock for waits; null for the system's.</param>
    public DurableClient(NpgsqlDataSource dataSource, TimeProvider? timeProvider = null)
        : this(dataSource, timeProvider ?? TimeProvider.System, transaction: null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
    }

    private DurableClient(NpgsqlDataSource dataSource, TimeProvider time, NpgsqlTransaction? transaction)
    {
        _dataSource = dataSource;
        _time = time;
        _transaction = transaction;
    }

    internal bool IsBound => _transaction is not null;

    /// <summary>A client whose calls are part of a transaction: what it starts exists once the transaction commits.</summary>
    /// <param name="transaction">A transaction in the same database. It and its connection stay the caller's.</param>
    /// <returns>The client.</returns>
    public DurableClient In(NpgsqlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return new(_dataSource, _time, transaction);
    }

    /// <summary>Starts a workflow that is run for its effects.</summary>
    /// <typeparam name="TIn">The input.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Label and idempotency key.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public async Task<WorkflowHandle> StartAsync<TIn>(
        WorkflowDefinition<TIn> definition, TIn input, StartOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(this, await StartDefinitionAsync(definition, input, options, ct).ConfigureAwait(false));
    }

    /// <summary>Starts a workflow with a result.</summary>
    /// <typeparam name="TIn">The input.</typeparam>
    /// <typeparam name="TOut">The result.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Label and idempotency key.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public async Task<WorkflowHandle<TOut>> StartAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> definition, TIn input, StartOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var instanceId = await StartDefinitionAsync(definition, input, options, ct).ConfigureAwait(false);
        return new(this, instanceId, definition.ReadResult);
    }

    /// <summary>Starts a graph that is not a compiled workflow.</summary>
    /// <param name="graphOrSql">A graph's JSON, or one SQL statement.</param>
    /// <param name="label">What <c>df.instances</c> shows.</param>
    /// <param name="input">The JSON that steps refer to as <c>$input</c>.</param>
    /// <param name="idempotencyKey">A key that makes the start idempotent.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public async Task<WorkflowHandle> StartAsync(
        string graphOrSql, string? label = null, string? input = null, string? idempotencyKey = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(graphOrSql);
        return new(this, await StartTextAsync(graphOrSql, label, input, idempotencyKey, ct).ConfigureAwait(false));
    }

    /// <summary>Starts a graph that was composed at run time.</summary>
    /// <param name="graph">The graph. The database checks it as <see cref="DfNode.Validate"/> does.</param>
    /// <param name="label">What <c>df.instances</c> shows.</param>
    /// <param name="input">The JSON that steps refer to as <c>$input</c>.</param>
    /// <param name="idempotencyKey">A key that makes the start idempotent.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The started instance.</returns>
    public Task<WorkflowHandle> StartAsync(
        DfNode graph, string? label = null, string? input = null, string? idempotencyKey = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return StartAsync(graph.ToJson(), label, input, idempotencyKey, ct);
    }

    /// <summary>A handle to an instance that was started earlier. The database is not asked.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <returns>The handle.</returns>
    public WorkflowHandle Handle(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new(this, instanceId);
    }

    /// <summary>A handle to an instance with a result that was started earlier. The database is not asked.</summary>
    /// <typeparam name="TIn">The input.</typeparam>
    /// <typeparam name="TOut">The result.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="instanceId">The instance's id.</param>
    /// <returns>The handle.</returns>
    public WorkflowHandle<TOut> Handle<TIn, TOut>(WorkflowDefinition<TIn, TOut> definition, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new(this, instanceId, definition.ReadResult);
    }

    /// <summary>Asks for an instance's status.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The status.</returns>
    /// <exception cref="WorkflowNotFoundException">The instance can't be seen.</exception>
    public async Task<WorkflowStatus> StatusAsync(string instanceId, CancellationToken ct = default)
    {
        await using var command = Command(ClientSql.Status, Text(instanceId));
        var status = await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string;
        return new InstanceState(status, Result: null, Error: null).Parse(instanceId);
    }

    /// <summary>Cancels an instance. One that has ended stays as it is.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="reason">What the instance's error will say; null for the database's default.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the cancellation is recorded.</returns>
    public async Task CancelAsync(string instanceId, string? reason = null, CancellationToken ct = default)
    {
        await using var command = reason is null
            ? Command(ClientSql.CancelWithDefaultReason, Text(instanceId))
            : Command(ClientSql.Cancel, Text(instanceId), Text(reason));
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    internal DurableClient OutsideTransaction() => _transaction is null ? this : new(_dataSource, _time, transaction: null);

    internal ResultPoller Poller(string instanceId) => new(ct => LookAsync(instanceId, ct), _time);

    private Task<string> StartDefinitionAsync<TIn>(
        WorkflowDefinition<TIn> definition, TIn input, StartOptions? options, CancellationToken ct) =>
        StartTextAsync(definition.GraphJson, options?.Label ?? definition.Name, definition.WriteInput(input), options?.IdempotencyKey, ct);

    private async Task<string> StartTextAsync(string graph, string? label, string? input, string? key, CancellationToken ct)
    {
        var json = new NpgsqlParameter { Value = input ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };
        await using var command = Command(ClientSql.Start, Text(graph), Text(label), json, Text(key));
        return (string)(await command.ExecuteScalarAsync(ct).ConfigureAwait(false))!;
    }

    private async Task<InstanceState> LookAsync(string instanceId, CancellationToken ct)
    {
        await using var command = Command(ClientSql.Look, Text(instanceId));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        return new(TextAt(reader, 0), TextAt(reader, 1), TextAt(reader, 2));
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = _transaction is null ? _dataSource.CreateCommand(sql) : new NpgsqlCommand(sql, _transaction.Connection, _transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static string? TextAt(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
