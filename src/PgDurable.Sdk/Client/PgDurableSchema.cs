using System.Globalization;
using System.Reflection;
using System.Text;
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

    // Reads the function's source text instead of calling it, because the caller may lack EXECUTE on it.
    private const string InstalledVersion =
        "SELECT p.prosrc FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace " +
        "WHERE n.nspname OPERATOR(pg_catalog.=) 'df' AND p.proname OPERATOR(pg_catalog.=) 'version' " +
        "AND p.pronargs OPERATOR(pg_catalog.=) 0";

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

    /// <summary>The version of the schema that this package installs and requires.</summary>
    public static string Version { get; } = typeof(PgDurableSchema).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Installs the schema in one transaction, or does nothing if it is already there. The connected role becomes its owner. It needs the
    /// CREATE privilege on the database, but needn't be a superuser. The operators are created in schema <c>df</c>: add <c>df</c> to the
    /// search_path to use them.
    /// </summary>
    /// <param name="connection">An open connection without an open transaction.</param>
    /// <param name="cancellationToken">Cancels the installation. Nothing is installed then.</param>
    /// <exception cref="InvalidOperationException">
    /// The database has another version of the schema, or its schema <c>df</c> is controlled by a role that the connected role can't trust:
    /// not itself, not a role that it is a member of, and not a superuser.
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
    /// <param name="cancellationToken">Cancels the installation. Nothing is installed then.</param>
    /// <exception cref="InvalidOperationException">The database has another version of the schema, or another role controls it.</exception>
    /// <exception cref="PostgresException">The role isn't allowed to create a schema, or an unrelated schema <c>df</c> exists.</exception>
    public static async Task InstallAsync(NpgsqlConnection connection, string? owner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (var lockCommand = new NpgsqlCommand(Lock, connection, transaction))
            await lockCommand.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

        await RefuseStrangersAsync(connection, transaction, owner, cancellationToken).ConfigureAwait(false);
        await using (var version = new NpgsqlCommand(InstalledVersion, connection, transaction))
        {
            if (await version.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string installed)
            {
                if (installed.Contains($"'{Version} (", StringComparison.Ordinal))
                    return;
                throw new InvalidOperationException(
                    $"Database \"{connection.Database}\" has another version of schema df than {Version}, which this package requires. " +
                    $"Use the package that fits the schema, or upgrade the schema. It was installed as: {installed.Trim()}");
            }
        }

        await using (var script = new NpgsqlCommand(Script(), connection, transaction))
            await script.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

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

    // The same files as in the extension's script, in the same order, except the C functions and the operators' schema.
    internal static string Script()
    {
        var assembly = typeof(PgDurableSchema).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("sql/", StringComparison.Ordinal))
            .OrderBy(Place).ThenBy(name => name, StringComparer.Ordinal);
        var script = new StringBuilder("SET LOCAL search_path = pg_catalog; SET LOCAL check_function_bodies = off;\n");
        foreach (var file in files)
        {
            if (Place(file) == 3)
                script.Append("SET LOCAL search_path = df;\n");
            script.Append(Read(assembly, file));
        }
        return script
            .Replace("@VERSION@", Version)
            .Replace("@BUILT@", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
            .ToString();
    }

    private static int Place(string file) => file switch
    {
        _ when file.StartsWith("sql/portable/", StringComparison.Ordinal) => 1,
        _ when file.StartsWith("sql/functions/", StringComparison.Ordinal) => 2,
        _ when file["sql/".Length] >= '5' => 3,
        _ => 0,
    };

    private static string Read(Assembly assembly, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
