using Npgsql;
using NpgsqlTypes;
using PgDurable.Sql;

namespace PgDurable.Worker.Store.Results;

/// <summary>Types that are not PostgreSQL's own, read from the catalog in the transaction whose statement returned them.</summary>
/// <remarks>
/// Nothing is cached: the statement itself may have created the type, and a type may have another name by now. The query runs in the step's
/// session, where the step may have set traps, so all names are qualified.
/// </remarks>
internal static class TypeLookup
{
    // The base is what remains without domains. A temporary type is gone before the next step, and the role can't name a type in a schema
    // that it may not use.
    private const string Query = """
        WITH RECURSIVE asked AS (
            SELECT p.oid AS type,
                   p.typsubscript OPERATOR(pg_catalog.=) 'pg_catalog.array_subscript_handler'::pg_catalog.regproc AS is_array,
                   CASE WHEN p.typsubscript OPERATOR(pg_catalog.=) 'pg_catalog.array_subscript_handler'::pg_catalog.regproc
                        THEN p.typelem ELSE p.oid END AS named
              FROM pg_catalog.pg_type p WHERE p.oid OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.oid[])
        ), chain AS (
            SELECT a.type, a.named AS base FROM asked a
            UNION ALL
            SELECT c.type, d.typbasetype
              FROM chain c JOIN pg_catalog.pg_type d ON d.oid OPERATOR(pg_catalog.=) c.base WHERE d.typtype OPERATOR(pg_catalog.=) 'd'
        )
        SELECT a.type, a.is_array, t.oid AS named, n.nspname AS schema, t.typname AS name, t.typdelim AS delimiter, b.oid AS base,
               t.typtype OPERATOR(pg_catalog.<>) 'p' AND n.oid OPERATOR(pg_catalog.<>) pg_catalog.pg_my_temp_schema()
                   AND NOT pg_catalog.pg_is_other_temp_schema(n.oid) AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                   AS can_be_named
          FROM asked a
          JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.named
          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
          JOIN chain c ON c.type OPERATOR(pg_catalog.=) a.type
          JOIN pg_catalog.pg_type b ON b.oid OPERATOR(pg_catalog.=) c.base AND b.typtype OPERATOR(pg_catalog.<>) 'd'
        """;

    // Their input functions refuse every text: pg_node_tree, gtsvector, pg_ndistinct, pg_dependencies, pg_mcv_list, pg_brin_bloom_summary
    // and pg_brin_minmax_multi_summary.
    private static readonly uint[] WithoutInput = [194, 3642, 3361, 3402, 5017, 4600, 4601];

    /// <summary>Finds types. If a type is missing, the role can't name it, or its values can't be written.</summary>
    public static async Task<Dictionary<uint, ValueType>> FindAsync(
        NpgsqlConnection connection, IEnumerable<uint> types, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection)
        {
            CommandTimeout = 0,
            AllResultTypesAreUnknown = true,
            Parameters = { new() { NpgsqlDbType = NpgsqlDbType.Unknown, Value = $"{{{string.Join(',', types)}}}" } },
        };
        var found = new Dictionary<uint, ValueType>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Text(reader, "can_be_named") != "t" || WithoutInput.Contains(Oid(reader, "named")))
                continue;
            var shape = BuiltinTypes.TryGet(Oid(reader, "base"), out var known) && !known.IsArray ? known.Shape : ValueShape.Text;
            var type = new ValueType(shape, $"{Schema(Text(reader, "schema"))}.{Name(Text(reader, "name"))}");
            found[Oid(reader, "type")] = Text(reader, "is_array") == "t" ? type.ToArray(Text(reader, "delimiter")[0]) : type;
        }
        return found;
    }

    private static string Text(NpgsqlDataReader reader, string column) => reader.GetString(reader.GetOrdinal(column));

    private static uint Oid(NpgsqlDataReader reader, string column) =>
        uint.Parse(Text(reader, column), System.Globalization.CultureInfo.InvariantCulture);

    private static string Schema(string name) => name is "public" or "pg_catalog" ? name : SqlQuote.Identifier(name);

    // After a dot every lower-case word is a name, even a keyword.
    private static string Name(string name) => name.All(c => char.IsAsciiLetterLower(c) || c == '_') ? name : SqlQuote.Identifier(name);
}
