using Npgsql;

namespace PgDurable.Worker.Store.Connections;

/// <summary>What a worker finds in its database.</summary>
/// <param name="Sandboxed">Whether the C module is there and restricts the worker's sessions, so that steps of every role can run.</param>
/// <param name="Role">The role that the worker is logged in as.</param>
/// <param name="RoleName">Its name.</param>
/// <param name="SuperuserInstances">Whether superusers' instances run.</param>
/// <param name="MinLoopInterval">The pace of loops that wait for nothing.</param>
internal sealed record DatabaseProbe(bool Sandboxed, uint Role, string RoleName, bool SuperuserInstances, TimeSpan MinLoopInterval)
{
    /// <summary>The value of one of the extension's settings.</summary>
    public const string Setting = "SELECT df._worker_setting($1)";

    // From the catalogs alone: a role that may not use the schema must be told so, rather than refused here, which puts an error into the
    // server's log each time.
    private const string Probe = """
        SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
                        WHERE n.nspname OPERATOR(pg_catalog.=) 'df'
                          AND p.proname OPERATOR(pg_catalog.=) '_worker_stop_session') AS has_schema,
               COALESCE((SELECT l.lanname OPERATOR(pg_catalog.=) 'c'
                           FROM pg_catalog.pg_proc p
                           JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
                           JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
                          WHERE n.nspname OPERATOR(pg_catalog.=) 'df' AND p.proname OPERATOR(pg_catalog.=) '_enter'
                            AND p.pronargs OPERATOR(pg_catalog.=) 2), false) AS has_sandbox,
               (SELECT pg_catalog.substring(p.prosrc, '(\d+\.\d+\.\d+) \(built ')
                  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
                 WHERE n.nspname OPERATOR(pg_catalog.=) 'df' AND p.proname OPERATOR(pg_catalog.=) 'version'
                   AND p.pronargs OPERATOR(pg_catalog.=) 0) AS version,
               r.oid AS role_oid, r.rolname::pg_catalog.text AS role_name
          FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) SESSION_USER
        """;

    private const string Purpose = "poll";

    // The C module says this about a session that has given up its user's rights. Without the module the setting is what the client has
    // made it.
    private const string Restricted = "control (restricted)";
    private const string NoRole = "control (no role)";

    /// <summary>Opens the connection on which a worker registers, and finds out what kind of installation it is.</summary>
    /// <param name="connections">Opens it.</param>
    /// <param name="extensionOnly">Whether the worker serves nothing but the extension.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="WorkerSessionException">A worker can't run here; the message says what to do.</exception>
    public static async Task<(NpgsqlConnection Connection, DatabaseProbe Probe)> OpenAsync(
        ConnectionFactory connections, bool extensionOnly, CancellationToken ct)
    {
        var connection = await OpenRestrictedAsync(connections, extensionOnly, ct);
        try
        {
            if (connection is not null && await RunAsync(connection, true, ct) is { } ofExtension)
                return (connection, ofExtension);
            if (extensionOnly)
                throw NoSchema(connection!);

            if (connection is not null)
                await connection.DisposeAsync();
            connection = await connections.OpenAsync(Purpose, SessionSettings.Control(restricted: false), ct);
            if (await RunAsync(connection, false, ct) is { } ofSchema)
                return (connection, ofSchema);
            throw NoSchema(connection);
        }
        catch
        {
            if (connection is not null)
                await connection.DisposeAsync();
            throw;
        }
    }

    private static WorkerSessionException NoSchema(NpgsqlConnection connection) =>
        new($"database \"{connection.Database}\" has no schema df of this version: CREATE EXTENSION pg_durable in it", isOfSchema: true);

    private static WorkerSessionException OldSchema(NpgsqlConnection connection, Version version) =>
        new($"database \"{connection.Database}\" has schema df of version {version}, and a worker of version "
            + $"{PgDurableSchema.Version} needs at least {PgDurableSchema.Oldest}: ALTER EXTENSION pg_durable UPDATE in it "
            + "(or PgDurableSchema.InstallAsync)", isOfSchema: true);

    private static WorkerSessionException Pooler(string how) =>
        new($"the connection string leads to a pooler such as PgBouncer ({how}): a worker's sessions have settings, locks and "
            + "notifications of their own, so give it the address of the server itself", isFinal: true);

    private static async Task<bool> IsPooledAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            await using var ask = new NpgsqlCommand("SELECT pg_catalog.pg_backend_pid()", connection);
            return await ask.ExecuteScalarAsync(ct) is int pid && pid != connection.ProcessID;
        }
        catch (PostgresException)
        {
            return false; // a session that the C module has not admitted answers nothing but SHOW
        }
    }

    private static WorkerSessionException NoSuperuser(string who) =>
        new($"{who} is no superuser: a worker beside the extension runs steps of all roles and must connect as one");

    /// <summary>
    /// A connection without its user's rights; <c>null</c> if the C module isn't loaded, or if the user isn't a superuser and so has none
    /// to give up.
    /// </summary>
    private static async Task<NpgsqlConnection?> OpenRestrictedAsync(
        ConnectionFactory connections, bool extensionOnly, CancellationToken ct)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await connections.OpenAsync(Purpose, SessionSettings.Control(restricted: true), ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ProtocolViolation)
        {
            throw Pooler($"\"{e.MessageText}\" is no answer of PostgreSQL's");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege
            && e.MessageText.Contains(SessionSettings.Session, StringComparison.Ordinal))
        {
            return extensionOnly ? throw NoSuperuser("pg_durable.worker_role") : null;
        }

        if (await IsPooledAsync(connection, ct))
        {
            await connection.DisposeAsync();
            throw Pooler("the connection has another process number than the server's session");
        }
        await using var show = new NpgsqlCommand($"SHOW {SessionSettings.Session}", connection);
        var state = (string?)await show.ExecuteScalarAsync(ct);
        if (state == Restricted)
            return connection;
        var problem = NoSchema(connection);
        await connection.DisposeAsync();
        return state == NoRole && extensionOnly ? throw problem : null;
    }

    /// <summary>
    /// What is there; <c>null</c> if the schema is missing or has another version, or if it is the other kind of installation.
    /// </summary>
    private static async Task<DatabaseProbe?> RunAsync(NpgsqlConnection connection, bool sandboxed, CancellationToken ct)
    {
        string roleName;
        uint role;
        await using (var command = new NpgsqlCommand(Probe, connection))
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            if (!row.Get<bool>("has_schema"))
                return null;
            if (Version.TryParse(row.FindText("version"), out var version) && version < PgDurableSchema.Oldest)
                throw OldSchema(connection, version);
            if (row.Get<bool>("has_sandbox") != sandboxed)
                return sandboxed ? null : throw NoSuperuser($"role \"{connection.UserName}\"");
            (role, roleName) = (row.Get<uint>("role_oid"), row.Get<string>("role_name"));
        }
        async Task<string?> SettingAsync(string name)
        {
            await using var command = new NpgsqlCommand(Setting, connection) { Parameters = { new() { Value = name } } };
            return await command.ExecuteScalarAsync(ct) is string { Length: > 0 } value ? value : null;
        }
        return new DatabaseProbe(sandboxed, role, roleName, await SettingAsync("enable_superuser_instances") == "on",
            TimeSpan.FromMilliseconds(Number(await SettingAsync("min_loop_interval"), 1000)));
    }

    private static int Number(string? setting, int otherwise) =>
        setting is null ? otherwise : int.Parse(setting, System.Globalization.CultureInfo.InvariantCulture);
}
