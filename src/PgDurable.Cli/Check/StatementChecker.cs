using System.Data;
using Npgsql;
using Npgsql.Schema;
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

    // Types are then written with their schemas.
    private const string QualifyNames = "SET LOCAL search_path = pg_catalog, pg_temp";

    // A view's columns aren't marked, a foreign table's marks aren't enforced, and a domain may forbid NULL.
    private const string DescribeColumns =
        """
        SELECT pg_catalog.format_type(($1)[i], NULL),
               CASE WHEN t.typtype OPERATOR(pg_catalog.=) 'd' AND t.typnotnull OR c.relkind OPERATOR(pg_catalog.=) 'f' AND a.attnotnull
                    THEN NULL ELSE NOT a.attnotnull END
          FROM pg_catalog.generate_subscripts($1, 1) i
          LEFT JOIN pg_catalog.pg_class c
                 ON c.oid OPERATOR(pg_catalog.=) ($2)[i]
                AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p', 'f']::pg_catalog."char"[])
          LEFT JOIN pg_catalog.pg_attribute a
                 ON a.attrelid OPERATOR(pg_catalog.=) c.oid
                AND a.attnum OPERATOR(pg_catalog.=) ($3)[i]
          LEFT JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
         ORDER BY i
        """;

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
    /// <exception cref="StatementException">The error that the step would fail with.</exception>
    public Task<IReadOnlyList<ColumnDescription>> CheckAsync(PreparedText text, CancellationToken ct) => TryAsync(
        async () =>
        {
            await PrepareAsync(text, ct);
            var arguments = text.Types.Count == 0 ? "" : $"({string.Join(", ", text.Types.Select(_ => "NULL"))})";
            var execute = "EXECUTE pgdurable_check" + arguments;
            var columns = await DescribeAsync(execute, ct);
            // PostgreSQL checks privileges when a statement starts, which EXPLAIN does without running it.
            var plan = await ScalarAsync<string>("EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) " + execute, ct);
            return columns.Count == 0 ? [] : await ResolveAsync(columns, PlanNulls.Of(plan), ct);
        },
        ct);

    /// <summary>Has PostgreSQL parse a statement that can't be prepared, such as VACUUM.</summary>
    /// <exception cref="StatementException">The statement's error.</exception>
    public Task ParseAsync(PreparedText text, CancellationToken ct) => TryAsync(
        async () =>
        {
            try
            {
                return await DescribeAsync(text.Sql, ct);
            }
            catch (PostgresException error)
            {
                throw new StatementException(error, text: text);
            }
        },
        ct);

    /// <summary>Returns the types that PostgreSQL gives a statement's parameters.</summary>
    /// <exception cref="StatementException">PostgreSQL can't decide on the types without the values.</exception>
    public Task<IReadOnlyList<string>> ParametersAsync(PreparedText text, CancellationToken ct) => TryAsync<IReadOnlyList<string>>(
        async () =>
        {
            await PrepareAsync(text, ct);
            await ExecuteAsync(QualifyNames, ct);
            return await ScalarAsync<string[]>(
                "SELECT parameter_types::pg_catalog.text[] FROM pg_catalog.pg_prepared_statements "
                    + "WHERE name OPERATOR(pg_catalog.=) 'pgdurable_check'",
                ct);
        },
        ct);

    public async ValueTask EndAsync() => await transaction.DisposeAsync();

    /// <summary>Leaves nothing behind for the next statement.</summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> action, CancellationToken ct)
    {
        await transaction.SaveAsync(Savepoint, ct);
        try
        {
            return await action();
        }
        catch (PostgresException error)
        {
            throw new StatementException(error);
        }
        finally
        {
            await transaction.RollbackAsync(Savepoint, ct);
            await ExecuteAsync("DEALLOCATE ALL", ct);
        }
    }

    private async Task PrepareAsync(PreparedText text, CancellationToken ct)
    {
        StatementException? first = null;
        foreach (var reading in text.Readings())
        {
            var prefix = "PREPARE pgdurable_check"
                + (reading.Types.Count == 0 ? "" : $"({string.Join(", ", reading.Types)})") + " AS\n";
            try
            {
                await ExecuteAsync(prefix + reading.Sql, ct);
                return;
            }
            catch (PostgresException error) when (error.SqlState[..2] is "42" or "22")
            {
                // Report the error of the first reading that determines all types.
                if (first is null || first.Error.SqlState == PostgresErrorCodes.IndeterminateDatatype)
                    first = new(error, prefix, reading);
                await transaction.RollbackAsync(Savepoint, ct);
            }
        }

        throw first!;
    }

    private async Task<IReadOnlyList<NpgsqlDbColumn>> DescribeAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, ct);
        return [.. (await reader.GetColumnSchemaAsync(ct)).Cast<NpgsqlDbColumn>()];
    }

    private async Task<IReadOnlyList<ColumnDescription>> ResolveAsync(
        IReadOnlyList<NpgsqlDbColumn> columns, PlanNulls nulls, CancellationToken ct)
    {
        await ExecuteAsync(QualifyNames, ct);
        await using var command = new NpgsqlCommand(DescribeColumns, connection, transaction)
        {
            Parameters =
            {
                new() { Value = columns.Select(each => each.TypeOID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid },
                new() { Value = columns.Select(each => each.TableOID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid },
                new() { Value = columns.Select(each => each.ColumnAttributeNumber ?? 0).ToArray() },
            },
        };
        var described = new List<ColumnDescription>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var i = described.Count;
            var isNullable = nulls.IsNullable(i, await reader.IsDBNullAsync(1, ct) ? null : reader.GetBoolean(1));
            described.Add(new(columns[i].ColumnName, reader.GetString(0), isNullable));
        }

        return described;
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(ct);
    }
}
