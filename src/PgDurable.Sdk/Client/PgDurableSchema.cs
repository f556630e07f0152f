using System.Globalization;
using System.Reflection;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>
/// Installs the schema <c>df</c> where the PostgreSQL extension can't be installed: on managed servers. There a worker, hosted in an application, runs the
/// instances of the role that it connects as, and of no other.
/// </summary>
public static class PgDurableSchema
{
    // Two installations at once: the second waits, and then finds the schema. The key is "PGDI".
    private const string Lock = "SELECT pg_catalog.pg_advisory_xact_lock(1346847817)";
    // The text of the function, and not its result: the caller may not be allowed to execute it.
    private const string InstalledVersion =
        "SELECT p.prosrc FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace " +
        "WHERE n.nspname OPERATOR(pg_catalog.=) 'df' AND p.proname OPERATOR(pg_catalog.=) 'version' AND p.pronargs OPERATOR(pg_catalog.=) 0";

    // Whoever owns the schema or anything in it, or may create something there, decides what the application calls.
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

    /// <summary>The version of the schema that this package installs and works with.</summary>
    public static string Version { get; } = typeof(PgDurableSchema).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Installs the schema in one transaction; does nothing when it is there already. The connected role becomes its owner and needs the right to create schemas
    /// in the database, but need not be a superuser. The operators are created in schema <c>df</c>, so add <c>df</c> to the search_path to use them.
    /// </summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="cancellationToken">Gives up; nothing is installed then.</param>
    /// <exception cref="InvalidOperationException">
    /// The database has the schema in another version, or a schema <c>df</c> that belongs to a role that the connected one has no reason to trust: one that is neither itself, nor a role that it is a
    /// member of, nor a superuser.
    /// </exception>
    /// <exception cref="PostgresException">The role may not create a schema, or somebody else's schema <c>df</c> is there.</exception>
    public static Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default) => InstallAsync(connection, null, cancellationToken);

    /// <summary>
    /// As <see cref="InstallAsync(NpgsqlConnection, CancellationToken)"/>, for an application that works with a schema that another role owns.
    /// </summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="owner">The role that may own the schema, beside those that are trusted anyway.</param>
    /// <param name="cancellationToken">Gives up; nothing is installed then.</param>
    /// <exception cref="InvalidOperationException">The database has the schema in another version, or it belongs to another role.</exception>
    /// <exception cref="PostgresException">The role may not create a schema, or somebody else's schema <c>df</c> is there.</exception>
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
                    $"Database \"{connection.Database}\" has schema df in another version than {Version}, which this package works with: {installed.Trim()}");
            }
        }

        await using (var script = new NpgsqlCommand(Script(), connection, transaction))
            await script.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task RefuseStrangersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string? owner, CancellationToken cancellationToken)
    {
        await using var strangers = new NpgsqlCommand(Strangers, connection, transaction) { Parameters = { new() { Value = (object?)owner ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Name } } };
        if (await strangers.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string roles)
        {
            throw new InvalidOperationException(
                $"Schema df of database \"{connection.Database}\" is in the hands of {roles}, and the application would call what they put there. Drop it, or name its owner when you install.");
        }
    }

    // The same files as the extension's script, in the same order, but for the C functions and the schema of the operators.
    private static string Script()
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
