using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>A connection that runs steps as the worker does: enter and statement in one round trip, seal and COMMIT in the next.</summary>
sealed class WorkerSession : IAsyncDisposable
{
    // Leaves out settings that naturally differ between transactions.
    const string StateQuery =
        """
        SELECT 'user', concat_ws(' ', session_user, current_user, current_setting('is_superuser'))
        UNION ALL SELECT 'setting ' || name, setting FROM pg_settings
        UNION ALL SELECT 'temporary relation', relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
        UNION ALL SELECT 'temporary function', proname FROM pg_proc WHERE pronamespace = pg_my_temp_schema()
        UNION ALL SELECT 'temporary type', typname FROM pg_type WHERE typnamespace = pg_my_temp_schema()
        UNION ALL SELECT 'advisory lock', objid::text FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
        UNION ALL SELECT 'other lock', concat_ws(' ', locktype, relation::regclass, mode) FROM pg_locks
                   WHERE pid = pg_backend_pid() AND locktype NOT IN ('advisory', 'virtualxid')
                     AND NOT EXISTS (SELECT FROM pg_class WHERE oid = relation AND relnamespace = 'pg_catalog'::regnamespace)
        UNION ALL SELECT 'prepared statement', statement FROM pg_prepared_statements
        UNION ALL SELECT 'held cursor', name FROM pg_cursors WHERE is_holdable
        UNION ALL SELECT 'listens to', pg_listening_channels()
        ORDER BY 1, 2
        """;

    readonly PgCluster _cluster;
    readonly StepTokens _tokens;
    string _before = "";

    WorkerSession(PgCluster cluster, StepTokens tokens, NpgsqlConnection connection)
    {
        _cluster = cluster;
        _tokens = tokens;
        Connection = connection;
    }

    public NpgsqlConnection Connection { get; }

    public StepTokens Tokens => _tokens;

    public static async Task<WorkerSession> OpenAsync(PgCluster cluster)
    {
        var tokens = new StepTokens();
        var session = new WorkerSession(cluster, tokens, await cluster.ConnectAsync(options: tokens.Options));
        // Loaded now, because it brings settings with it, which a later step would otherwise seem to have added.
        await session.ScalarAsync("DO $$ BEGIN END $$");
        session._before = await session.StateAsync();
        return session;
    }

    /// <summary>Runs the statements as one step of the role, each in its own message. Returns the value of the last one.</summary>
    public async Task<object?> StepAsync(string role, params string[] statements)
    {
        var value = await BeginAsync(role, statements);
        await SealAndCommitAsync();
        return value;
    }

    /// <summary>The first round trip of a step.</summary>
    public async Task<object?> BeginAsync(string role, params string[] statements)
    {
        var oid = await RoleOidAsync(role);
        await using var batch = new NpgsqlBatch(Connection);
        batch.BatchCommands.Add(new("BEGIN"));
        batch.BatchCommands.Add(new("SELECT df._enter($1, $2)")
        {
            Parameters = { new() { Value = oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid }, new() { Value = _tokens.Next() } },
        });
        foreach (var statement in statements)
            batch.BatchCommands.Add(new(statement));
        try
        {
            object? value = null;
            await using var reader = await batch.ExecuteReaderAsync();
            do
                while (await reader.ReadAsync())
                    value = reader.FieldCount == 0 || reader.IsDBNull(0) ? null : reader.GetValue(0);
            while (await reader.NextResultAsync());
            return value;
        }
        catch
        {
            await RollbackAsync();
            throw;
        }
    }

    /// <summary>The second round trip of a step.</summary>
    public async Task SealAndCommitAsync(string function = "checkpoint.seal")
    {
        await using var batch = new NpgsqlBatch(Connection);
        batch.BatchCommands.Add(new($"SELECT {function}($1)") { Parameters = { new() { Value = _tokens.Next() } } });
        batch.BatchCommands.Add(new("COMMIT"));
        try
        {
            await batch.ExecuteNonQueryAsync();
        }
        catch
        {
            await RollbackAsync();
            throw;
        }
    }

    public async Task<object?> ScalarAsync(string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        var value = await command.ExecuteScalarAsync();
        return value is DBNull ? null : value;
    }

    /// <summary>After a failed step, the transaction is aborted, so only ROLLBACK works.</summary>
    public Task<object?> RollbackAsync() => ScalarAsync("ROLLBACK");

    /// <summary>Asserts that the connection is exactly as it was when it was opened.</summary>
    public async Task AssertUntouchedAsync()
    {
        Assert.Equal(_before, await StateAsync());
        Assert.False(await _cluster.ScalarAsync<bool>(
            "SELECT bool_or(rolsuper OR rolcreaterole OR pg_has_role(rolname, 'postgres', 'MEMBER')) FROM pg_roles "
                + "WHERE rolname IN ('alice', 'bob')"));
        Assert.Equal(0L, await _cluster.ScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = 'mallory' AND rolsuper"));
    }

    public async Task<uint> RoleOidAsync(string role) =>
        await _cluster.ScalarAsync<uint>($"SELECT oid FROM pg_roles WHERE rolname = '{role}'");

    public async ValueTask DisposeAsync() => await Connection.DisposeAsync();

    async Task<string> StateAsync()
    {
        await using var command = new NpgsqlCommand(StateQuery, Connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add($"{reader.GetValue(0)}: {reader.GetValue(1)}");
        return string.Join('\n', lines);
    }
}
