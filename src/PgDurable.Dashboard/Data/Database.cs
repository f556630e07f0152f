using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Dashboard.Http;

namespace PgDurable.Dashboard.Data;

/// <summary>One transaction of a request, as the role that the request acts as.</summary>
internal sealed class Database : IAsyncDisposable
{
    // Everything that the connection brings along and that could change what a statement means. The role comes last: it may not be able to
    // set the others. All of it ends with the transaction.
    private const string Begin =
        """
        SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
               pg_catalog.set_config('application_name', $1, true),
               pg_catalog.set_config('statement_timeout', $2, true),
               pg_catalog.set_config('row_security', 'on', true),
               pg_catalog.set_config('jit', 'off', true)
        """;

    private const string SetRole = "SELECT pg_catalog.set_config('role', $1, true)";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private Database(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    /// <summary>The role that the transaction acts as.</summary>
    public string Role { get; private set; } = "";

    public string Name => _connection.Database;

    public NpgsqlConnection Connection => _connection;

    /// <summary>A client whose calls are part of the transaction.</summary>
    public DurableClient Client(NpgsqlDataSource dataSource) => new DurableClient(dataSource).In(_transaction);

    /// <summary>Opens a transaction.</summary>
    /// <param name="dataSource">The data source.</param>
    /// <param name="role">The role to act as, or null for the connection's own.</param>
    /// <param name="application">What <c>df.audit</c> and the server's log call the request.</param>
    /// <param name="isAction">Whether it may write.</param>
    /// <param name="timeout">The time limit of each statement.</param>
    /// <param name="ct">Cancels the call.</param>
    public static async Task<Database> OpenAsync(
        NpgsqlDataSource dataSource, string? role, string application, bool isAction, TimeSpan timeout, CancellationToken ct)
    {
        var connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            // One snapshot, so that the parts of a page fit together.
            var transaction = await connection.BeginTransactionAsync(
                isAction ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, ct);
            var database = new Database(connection, transaction);
            if (!isAction)
                await database.ExecuteAsync("SET TRANSACTION READ ONLY", ct);
            await database.ExecuteAsync(
                Begin, ct, application, Math.Ceiling(timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
            if (role is not null)
                await database.BecomeAsync(role, ct);
            database.Role = await database.ValueAsync<string>("SELECT current_user::text", ct) ?? "";
            return database;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task CommitAsync(CancellationToken ct) => _transaction.CommitAsync(ct);

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object?[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    public async Task<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object?[] parameters)
        where T : class => (await ListAsync(sql, read, ct, parameters)).FirstOrDefault();

    public async Task<T?> ValueAsync<T>(string sql, CancellationToken ct, params object?[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync(ct) is T value ? value : default;
    }

    /// <summary>What <paramref name="read"/> returns, or null if the role may not read it. The transaction goes on.</summary>
    public async Task<T?> IfAllowedAsync<T>(Func<Task<T>> read, CancellationToken ct)
        where T : class
    {
        await _transaction.SaveAsync("if_allowed", ct);
        try
        {
            return await read();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await _transaction.RollbackAsync("if_allowed", ct);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task BecomeAsync(string role, CancellationToken ct)
    {
        try
        {
            // SET ROLE none would go back to the role of the connection, which may be allowed anything. No role has this name.
            if (role == "none")
                throw new RefusedException(403, "The database doesn't allow that", "The dashboard can't act as the role \"none\".");
            await ExecuteAsync(SetRole, ct, role);
        }
        catch (PostgresException error) when (
            error.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidParameterValue)
        {
            throw new RefusedException(
                403, "The database doesn't allow that", $"The dashboard can't act as the role \"{role}\": {error.MessageText}.",
                "The role must exist, and the role that the dashboard connects as must be a member of it.");
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct, params object?[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql, object?[] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var value in parameters)
        {
            // The names of types that the connection didn't load are not needed for these.
            command.Parameters.Add(value switch
            {
                null => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                string => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text },
                _ => new NpgsqlParameter { Value = value },
            });
        }

        return command;
    }
}
