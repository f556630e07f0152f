using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>Starts, operates and inspects workflows. It is thread-safe; one client per data source is enough.</summary>
/// <remarks>
/// Throws <see cref="WorkflowNotFoundException"/> if an instance doesn't exist or the role can't see it,
/// <see cref="WorkflowStateException"/> if an instance's state doesn't allow the operation, and
/// <see cref="WorkflowNotRegisteredException"/> if a workflow isn't registered. Other database errors are thrown as
/// <see cref="PostgresException"/>.
/// </remarks>
public sealed partial class DurableClient
{
    private readonly ClientContext _context;
    private readonly NpgsqlConnection? _connection;
    private readonly NpgsqlTransaction? _transaction;

    /// <summary>Creates a client that opens a connection from the data source for each call.</summary>
    /// <param name="dataSource">The data source of the database that has the extension.</param>
    /// <param name="timeProvider">The clock for waits, or null for the system clock.</param>
    public DurableClient(NpgsqlDataSource dataSource, TimeProvider? timeProvider = null)
        : this(dataSource, new DurableClientOptions(), timeProvider)
    {
    }

    /// <summary>Creates a client that opens a connection from the data source for each call.</summary>
    /// <param name="dataSource">The data source of the database that has the extension.</param>
    /// <param name="options">How the client waits. The options are read once.</param>
    /// <param name="timeProvider">The clock for waits, or null for the system clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
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

    /// <summary>Returns a client whose calls are part of a transaction. What it starts exists once the transaction commits.</summary>
    /// <param name="transaction">
    /// A transaction in the same database. The caller keeps ownership of the transaction and its connection.
    /// </param>
    /// <returns>The client. It isn't thread-safe, because the transaction isn't.</returns>
    public DurableClient In(NpgsqlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction has already ended.", nameof(transaction));
        return new(_context, connection, transaction);
    }

    /// <summary>
    /// Returns a client whose calls use one connection. If a transaction is open on it, the calls are part of that transaction.
    /// </summary>
    /// <param name="connection">An open connection to the same database. The caller keeps ownership of it.</param>
    /// <returns>The client. It isn't thread-safe, because the connection isn't.</returns>
    public DurableClient In(NpgsqlConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new(_context, connection, transaction: null);
    }

    /// <summary>Returns a handle to an instance that was started earlier, without querying the database.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <returns>The handle.</returns>
    public WorkflowHandle Handle(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new(this, instanceId);
    }

    /// <summary>Returns a handle to an instance with a result that was started earlier, without querying the database.</summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="instanceId">The instance's id.</param>
    /// <returns>The handle.</returns>
    public WorkflowHandle<TOut> Handle<TIn, TOut>(WorkflowDefinition<TIn, TOut> definition, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new(this, instanceId, definition, definition.ReadResult);
    }

    /// <summary>Returns a handle to an instance without a result that was started earlier, without querying the database.</summary>
    /// <typeparam name="TIn">The type of the input.</typeparam>
    /// <param name="definition">The generated <c>Definition</c>.</param>
    /// <param name="instanceId">The instance's id.</param>
    /// <returns>The handle.</returns>
    public WorkflowHandle Handle<TIn>(WorkflowDefinition<TIn> definition, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new(this, instanceId, definition);
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

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static string? TextAt(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static DateTimeOffset? TimeAt(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
}
