using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>
/// Installs the schema <c>df</c> on servers where the PostgreSQL extension can't be installed, such as managed servers. There, a worker
/// hosted in an application runs only the instances of the role that it connects as.
/// </summary>
public static class PgDurableSchema
{
    // If two installations run at once, the second one waits and then finds the schema. The key is "PGDI" in ASCII.
    private const string Lock = "SELECT pg_catalog.pg_advisory_xact_lock(1346847817)";

    // Reads the functions' source texts instead of calling them, because the caller may lack EXECUTE on them.
    private const string Installed = """
        SELECT pg_catalog.substring(v.prosrc, '(\d+\.\d+\.\d+) \(built '), pg_catalog.substring(o.prosrc, '\d+\.\d+\.\d+'),
               r.rolname::pg_catalog.text, pg_catalog.pg_has_role(n.nspowner, 'USAGE'),
               EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                          AND d.objid OPERATOR(pg_catalog.=) v.oid AND d.deptype OPERATOR(pg_catalog.=) 'e')
          FROM pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) n.nspowner
          JOIN pg_catalog.pg_proc v ON v.pronamespace OPERATOR(pg_catalog.=) n.oid AND v.proname OPERATOR(pg_catalog.=) 'version'
                                   AND v.pronargs OPERATOR(pg_catalog.=) 0
          LEFT JOIN pg_catalog.pg_proc o ON o.pronamespace OPERATOR(pg_catalog.=) n.oid
                                        AND o.proname OPERATOR(pg_catalog.=) '_oldest_version'
         WHERE n.nspname OPERATOR(pg_catalog.=) 'df'
        """;

    // A role that owns the schema or anything in it, or can create objects there, controls what the application calls.
    private const string Strangers = """
        SELECT pg_catalog.string_agg(DISTINCT COALESCE(r.rolname::pg_catalog.text, 'PUBLIC'), ', ')
          FROM pg_catalog.pg_namespace n
         CROSS JOIN LATERAL (
            SELECT n.nspowner AS role
            UNION ALL SELECT p.proowner FROM pg_catalog.pg_proc p WHERE p.pronamespace OPERATOR(pg_catalog.=) n.oid
            UNION ALL SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid
            UNION ALL SELECT a.grantee FROM pg_catalog.aclexplode(n.nspacl) a WHERE a.privilege_type OPERATOR(pg_catalog.=) 'CREATE') o
          LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) o.role
         WHERE n.nspname OPERATOR(pg_catalog.=) 'df'
           AND NOT COALESCE(r.rolsuper OR r.rolname OPERATOR(pg_catalog.=) $1 OR pg_catalog.pg_has_role(r.oid, 'MEMBER'), false)
        """;

    /// <summary>The version of the schema that this package installs.</summary>
    public static string Version { get; } = typeof(PgDurableSchema).Assembly.GetName().Version!.ToString(3);

    /// <summary>The oldest version of the schema that this package and the worker work with.</summary>
    internal static Version Oldest { get; } = new(0, 9, 0);

    /// <summary>
    /// Installs the schema in one transaction, updates an older one, or does nothing if it is already there. The connected role becomes
    /// the schema's owner. It needs the CREATE privilege on the database, but needn't be a superuser. The operators are created in schema
    /// <c>df</c>: add <c>df</c> to the search_path to use them.
    /// </summary>
    /// <remarks>
    /// Instances may run during an update. A schema that belongs to the extension, or to a role that the connected one isn't a member of,
    /// is not updated: it is used as it is if this package works with it. The same goes for a schema that is newer than this package.
    /// </remarks>
    /// <param name="connection">An open connection without an open transaction.</param>
    /// <param name="cancellationToken">Cancels the installation. Nothing is installed or updated then.</param>
    /// <exception cref="InvalidOperationException">
    /// The database has a version of the schema that this package can't work with and can't update, or its schema <c>df</c> is controlled
    /// by a role that the connected role can't trust: not itself, not a role that it is a member of, and not a superuser.
    /// </exception>
    /// <exception cref="PostgresException">The role isn't allowed to create a schema, or an unrelated schema <c>df</c> exists.</exception>
    public static Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default) =>
        InstallAsync(connection, null, cancellationToken);

    /// <summary>
    /// Does the same as <see cref="InstallAsync(NpgsqlConnection, CancellationToken)"/>, for applications that use a schema owned by
    /// another role.
    /// </summary>
    /// <param name="connection">An open connection without an open transaction.</param>
    /// <param name="owner">A role that may own the schema, in addition to the roles that are always trusted.</param>
    /// <param name="cancellationToken">Cancels the installation. Nothing is installed or updated then.</param>
    /// <exception cref="InvalidOperationException">
    /// The database has a version of the schema that this package can't work with and can't update, or another role controls it.
    /// </exception>
    /// <exception cref="PostgresException">The role isn't allowed to create a schema, or an unrelated schema <c>df</c> exists.</exception>
    public static async Task InstallAsync(NpgsqlConnection connection, string? owner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (var lockCommand = new NpgsqlCommand(Lock, connection, transaction))
            await lockCommand.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

        await RefuseStrangersAsync(connection, transaction, owner, cancellationToken).ConfigureAwait(false);
        var installed = await FindAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
        string script;
        if (installed is null)
        {
            script = SchemaScripts.Install();
        }
        else if (installed.Version < new Version(Version) && installed is { IsOfExtension: false, MayUpdate: true })
        {
            script = SchemaScripts.Update(installed.Version) ?? throw Unusable(connection, installed, "there is no update from it");
            // What the update makes must belong to whom the rest belongs to, even if a superuser runs it.
            await using var become = new NpgsqlCommand("SELECT pg_catalog.set_config('role', $1, true)", connection, transaction)
            {
                Parameters = { new() { Value = installed.Owner } },
            };
            await become.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            RequireUsable(connection, installed);
            return;
        }

        await using (var command = new NpgsqlCommand(script, connection, transaction))
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void RequireUsable(NpgsqlConnection connection, InstalledSchema installed)
    {
        if (installed.Version < Oldest)
        {
            throw Unusable(connection, installed, installed.IsOfExtension
                ? $"this package needs at least {Oldest}: run ALTER EXTENSION pg_durable UPDATE"
                : $"this package needs at least {Oldest}: call InstallAsync as {installed.Owner}, who owns the schema");
        }
        if (installed.Version > new Version(Version) && !(installed.OldestClient <= new Version(Version)))
            throw Unusable(connection, installed, $"it needs packages of version {installed.OldestClient ?? installed.Version} or newer");
    }

    private static InvalidOperationException Unusable(NpgsqlConnection connection, InstalledSchema installed, string why) =>
        new($"Database \"{connection.Database}\" has schema df of version {installed.Version}, and this package has version {Version}: " +
            $"{why}.");

    private static async Task<InstalledSchema?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Installed, connection, transaction);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            return null;
        return new InstalledSchema(
            System.Version.TryParse(row[0] as string, out var version) ? version : new Version(0, 0),
            System.Version.TryParse(row[1] as string, out var oldest) ? oldest : null, row.GetString(2), row.GetBoolean(3),
            row.GetBoolean(4));
    }

    // What a database has: the schema's version, the oldest package that works with it, its owner, whether the connected role may do what
    // the owner may, and whether the schema is the extension's.
    private sealed record InstalledSchema(Version Version, Version? OldestClient, string Owner, bool MayUpdate, bool IsOfExtension);

    private static async Task RefuseStrangersAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string? owner, CancellationToken cancellationToken)
    {
        await using var strangers = new NpgsqlCommand(Strangers, connection, transaction)
        {
            Parameters = { new() { Value = (object?)owner ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Name } },
        };
        if (await strangers.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string roles)
        {
            throw new InvalidOperationException(
                $"Schema df of database \"{connection.Database}\" is controlled by {roles}, so the application would call whatever code " +
                "they put there. Drop the schema, or pass its owner to InstallAsync if you trust that role.");
        }
    }
}
