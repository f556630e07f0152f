using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>Starts workflows, steers them, and finds out how they are. Thread-safe; one for each data source is enough.</summary>
/// <remarks>
/// Errors that the database reports are <see cref="PostgresException"/>s, but for an instance that can't be seen
/// (<see cref="WorkflowNotFoundException"/>), one that is in no state for what is asked (<see cref="WorkflowStateException"/>) and a workflow that is not
/// registered (<see cref="WorkflowNotRegisteredException"/>).
/// </remarks>
public sealed partial class DurableClient
{
    private readonly ClientContext _context;
    private readonly NpgsqlConnection? _connection;
    private readonly NpgsqlTransaction? _transaction;

    /// <summary>Makes a client that takes a connection from the data source for each call.</summary>
    /// <param name="dataSource">The database that has the extension.</param>
    /// <param name="timeProvider">The clock for waits; null for the system's.</param>
    public DurableClient(NpgsqlDataSource dataSource, TimeProvider? timeProvider = null)
        : this(dataSource, new DurableClientOptions(), timeProvider)
    {
    }

    /// <summary>Makes a client that takes a connection from the data source for each call.</summary>
    /// <param name="dataSource">The database that has the extension.</param>
    /// <param name="options">How it waits. They are read once.</param>
    /// <param name="timeProvider">The clock for waits; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public DurableClient(NpgsqlDataSource dataSource, DurableClientOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(options);
        _context = new(dataSource, options.Validated(), timeProvider ?? TimeProvider.System);
    }

    private DurableClient(ClientContext context, NpgsqlConnection? connection, NpgsqlTransaction? transaction)
    {
        _context = context;
        _connection = connection;
        _transaction = transaction;
    }

    internal bool IsBound => _connection is not null;

    /// <summary>A client whose calls are part of a transaction: what it starts exists once the transaction commits.</summary>
    /// <param name="transaction">A transaction in the same database. It and its connection stay the caller's.</param>
    /// <returns>The client. It is no more thread-safe than the transaction.</returns>
    public DurableClient In(NpgsqlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction is over.", nameof(transaction));
        return new(_context, connection, transaction);
    }

    /// <summary>A client whose calls use one connection, and are part of the transaction that is open there, if one is.</summary>
    /// <param name="connection">An open connection to the same database. It stays the caller's.</param>
    /// <returns>The client. It is no more thread-safe than the connection.</returns>
    public DurableClient In(NpgsqlConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new(_context, connection, transaction: null);
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

    internal DurableClient OutsideTransaction() => IsBound ? new(_context, connection: null, transaction: null) : this;

    private async Task<T> CallAsync<T>(ClientCall call, NpgsqlCommand command, Func<NpgsqlCommand, Task<T>> read)
    {
        var started = Stopwatch.GetTimestamp();
        using var activity = ClientTelemetry.Begin(call);
        string? errorType = null;
        try
        {
            await using (command)
            {
                var result = await read(command).ConfigureAwait(false);
                if (call.Operation == ClientTelemetry.Start)
                    activity?.SetTag(ClientTelemetry.InstanceId, result);
                return result;
            }
        }
        catch (Exception exception)
        {
            errorType = ClientTelemetry.ErrorTypeOf(exception);
            if (ClientErrors.Translate(exception, call) is { } better)
                throw better;
            throw;
        }
        finally
        {
            ClientTelemetry.End(activity, call, errorType, Stopwatch.GetElapsedTime(started));
        }
    }

    private Task<object?> ScalarAsync(ClientCall call, CancellationToken ct, string sql, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        CallAsync(call, Command(sql, parameters), command => command.ExecuteScalarAsync(ct));

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = _connection is null ? _context.DataSource.CreateCommand(sql) : new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Text(string? value) => Parameter(value, NpgsqlDbType.Text);

    private static NpgsqlParameter Json(string? value) => Parameter(value, NpgsqlDbType.Jsonb);

    private static NpgsqlParameter Time(DateTimeOffset? value) => Parameter(value?.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static string? TextAt(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static DateTimeOffset? TimeAt(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
}
