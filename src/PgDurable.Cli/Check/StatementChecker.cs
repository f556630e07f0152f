using Npgsql;

namespace PgDurable.Cli.Check;

/// <summary>Lets PostgreSQL prepare and plan statements, and run none of them.</summary>
internal sealed class StatementChecker(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private const string Savepoint = "step";

    // As the worker's session is when it has become the role.
    private const string RoleSettings =
        """
        SELECT pg_catalog.set_config('search_path', pg_catalog.substr(c, 13), true)
          FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
         WHERE s.setdatabase OPERATOR(pg_catalog.=) ANY (ARRAY[0::pg_catalog.oid, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())])
           AND s.setrole OPERATOR(pg_catalog.=) ANY (ARRAY[0::pg_catalog.oid, pg_catalog.quote_ident(CURRENT_USER)::pg_catalog.regrole::pg_catalog.oid])
           AND pg_catalog.starts_with(c, 'search_path=')
         ORDER BY s.setrole OPERATOR(pg_catalog.<>) 0, s.setdatabase OPERATOR(pg_catalog.<>) 0
        """;

    /// <summary>The statement that PostgreSQL has read last, or that it could not read: the positions of errors are in this.</summary>
    public string LastRead { get; private set; } = "";

    /// <summary>Begins a transaction that can't change anything, with the settings of the role that it belongs to.</summary>
    public static async Task<StatementChecker> BeginAsync(NpgsqlConnection connection, bool isOtherRole, CancellationToken ct)
    {
        var checker = new StatementChecker(connection, await connection.BeginTransactionAsync(ct));
        if (isOtherRole)
            await checker.ExecuteAsync(RoleSettings, ct);
        // With a generic plan nothing is left out because a parameter happens to be NULL.
        await checker.ExecuteAsync("SET TRANSACTION READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL statement_timeout = '60s'", ct);
        return checker;
    }

    /// <summary>The columns of the statement's result; the table privileges and functions that it needs are there.</summary>
    /// <exception cref="PostgresException">What the step would fail with.</exception>
    public async Task<Shape> CheckAsync(PreparedText text, CancellationToken ct)
    {
        await transaction.SaveAsync(Savepoint, ct);
        try
        {
            await PrepareAsync(text, ct);
            var execute = "EXECUTE pgdurable_check" + (text.Types.Count == 0 ? "" : $"({string.Join(", ", text.Types.Select(_ => "NULL"))})");
            var shape = await DescribeAsync(execute, ct);
            // Privileges are looked at when a statement begins: EXPLAIN begins it.
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
                // The error is that of the first reading that decides all types.
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

        await using var format = new NpgsqlCommand("SELECT ARRAY(SELECT pg_catalog.format_type(o, NULL) FROM pg_catalog.unnest($1) WITH ORDINALITY u (o, n) ORDER BY n)", connection, transaction)
        {
            Parameters = { new() { Value = types.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid } },
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
