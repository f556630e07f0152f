using Npgsql;
using NpgsqlTypes;

namespace PgDurable.Cli.Check;

/// <summary>Lets PostgreSQL prepare and plan statements without running them.</summary>
internal sealed class StatementChecker(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private const string Savepoint = "step";

    // Applies the same settings that the worker's session has once it has switched to the role.
    private const string RoleSettings =
        """
        SELECT pg_catalog.set_config('search_path', pg_catalog.substr(c, 13), true)
          FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
         WHERE s.setdatabase OPERATOR(pg_catalog.=) ANY (ARRAY[0::pg_catalog.oid,
                   (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())])
           AND s.setrole OPERATOR(pg_catalog.=)
               ANY (ARRAY[0::pg_catalog.oid, pg_catalog.quote_ident(CURRENT_USER)::pg_catalog.regrole::pg_catalog.oid])
           AND pg_catalog.starts_with(c, 'search_path=')
         ORDER BY s.setrole OPERATOR(pg_catalog.<>) 0, s.setdatabase OPERATOR(pg_catalog.<>) 0
        """;

    /// <summary>The statement that PostgreSQL parsed last, or failed to parse. The positions of errors refer to it.</summary>
    public string LastRead { get; private set; } = "";

    /// <summary>Begins a read-only transaction with the settings of the role that it runs as.</summary>
    public static async Task<StatementChecker> BeginAsync(NpgsqlConnection connection, bool isOtherRole, CancellationToken ct)
    {
        var checker = new StatementChecker(connection, await connection.BeginTransactionAsync(ct));
        if (isOtherRole)
            await checker.ExecuteAsync(RoleSettings, ct);
        // A custom plan would optimize away parts of the statement, because all parameters are NULL.
        await checker.ExecuteAsync(
            "SET TRANSACTION READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL statement_timeout = '60s'", ct);
        return checker;
    }

    /// <summary>
    /// Checks a statement, including the table privileges and functions that it needs, and returns the columns of its result.
    /// </summary>
    /// <exception cref="PostgresException">The error that the step would fail with.</exception>
    public async Task<Shape> CheckAsync(PreparedText text, CancellationToken ct)
    {
        await transaction.SaveAsync(Savepoint, ct);
        try
        {
            await PrepareAsync(text, ct);
            var arguments = text.Types.Count == 0 ? "" : $"({string.Join(", ", text.Types.Select(_ => "NULL"))})";
            var execute = "EXECUTE pgdurable_check" + arguments;
            var shape = await DescribeAsync(execute, ct);
            // PostgreSQL checks privileges when a statement starts, which EXPLAIN does without running it.
            await ExecuteAsync("EXPLAIN (COSTS OFF) " + execute, ct);
            await ExecuteAsync("DEALLOCATE pgdurable_check", ct);
            return shape;
        }
        finally
        {
            await transaction.RollbackAsync(Savepoint, ct);
            await ExecuteAsync("DEALLOCATE ALL", ct);
        }
    }

    public async ValueTask EndAsync() => await transaction.DisposeAsync();

    private async Task PrepareAsync(PreparedText text, CancellationToken ct)
    {
        PostgresException? first = null;
        foreach (var reading in text.Readings())
        {
            try
            {
                await ExecuteAsync(Prepare(reading), ct);
                LastRead = Prepare(reading);
                return;
            }
            catch (PostgresException error) when (error.SqlState[..2] is "42" or "22")
            {
                // Report the error of the first reading that determines all types.
                if (first is null || first.SqlState == PostgresErrorCodes.IndeterminateDatatype)
                    (first, LastRead) = (error, Prepare(reading));
                await transaction.RollbackAsync(Savepoint, ct);
            }
        }

        throw first!;
    }

    private static string Prepare(PreparedText text) =>
        "PREPARE pgdurable_check" + (text.Types.Count == 0 ? "" : $"({string.Join(", ", text.Types)})") + " AS\n" + text.Sql;

    private async Task<Shape> DescribeAsync(string execute, CancellationToken ct)
    {
        var names = new List<string>();
        var types = new List<uint>();
        await using (var command = new NpgsqlCommand(execute, connection, transaction))
        {
            await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SchemaOnly, ct);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                names.Add(reader.GetName(i));
                types.Add(reader.GetDataTypeOID(i));
            }
        }

        await using var format = new NpgsqlCommand(
            "SELECT ARRAY(SELECT pg_catalog.format_type(o, NULL) FROM pg_catalog.unnest($1) WITH ORDINALITY u (o, n) ORDER BY n)",
            connection,
            transaction)
        {
            Parameters = { new() { Value = types.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid } },
        };
        var formatted = (string[])(await format.ExecuteScalarAsync(ct))!;
        return new([.. names.Zip(formatted)]);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(ct);
    }
}
