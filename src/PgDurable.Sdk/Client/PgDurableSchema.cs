using System.Globalization;
using System.Reflection;
using System.Text;
using Npgsql;

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
    private const string InstalledVersion = "SELECT p.prosrc FROM pg_catalog.pg_proc p WHERE p.oid = pg_catalog.to_regprocedure('df.version()')";

    /// <summary>The version of the schema that this package installs and works with.</summary>
    public static string Version { get; } = typeof(PgDurableSchema).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Installs the schema in one transaction; does nothing when it is there already. The connected role becomes its owner and needs the right to create schemas
    /// in the database, but need not be a superuser. The operators are created in schema <c>df</c>, so add <c>df</c> to the search_path to use them.
    /// </summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="cancellationToken">Gives up; nothing is installed then.</param>
    /// <exception cref="InvalidOperationException">The database has the schema in another version.</exception>
    /// <exception cref="PostgresException">The role may not create a schema, or somebody else's schema <c>df</c> is there.</exception>
    public static async Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (var lockCommand = new NpgsqlCommand(Lock, connection, transaction))
            await lockCommand.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

        await using (var version = new NpgsqlCommand(InstalledVersion, connection, transaction))
        {
            if (await version.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string installed)
            {
                if (installed.Contains($"'{Version} (", StringComparison.Ordinal)) return;
                throw new InvalidOperationException(
                    $"Database \"{connection.Database}\" has schema df in another version than {Version}, which this package works with: {installed.Trim()}");
            }
        }

        await using (var script = new NpgsqlCommand(Script(), connection, transaction))
            await script.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
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
            if (Place(file) == 3) script.Append("SET LOCAL search_path = df;\n");
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
