using Npgsql;
using Npgsql.PostgresTypes;
using PgDurable.Sql;

namespace PgDurable.Worker.Execution;

/// <summary>Types of a result's columns: PostgreSQL's own by OID, others as far as Npgsql has loaded them.</summary>
internal static class TypeCatalog
{
    public static ValueType TypeOf(NpgsqlDataReader reader, int ordinal) =>
        BuiltinTypes.TryGet(reader.GetDataTypeOID(ordinal), out var type) ? type : TypeOf(reader.GetPostgresType(ordinal));

    static ValueType TypeOf(PostgresType type) => type switch
    {
        // Created after Npgsql loaded its types: the values are text, and what they are cast to is for PostgreSQL to infer.
        UnknownBackendType => ValueType.Unknown,
        PostgresArrayType array => ElementOf(array.Element).ToArray(),
        _ when BuiltinTypes.TryGet(type.OID, out var builtin) => builtin,
        // Pseudo-types and internal ones; no literal can be cast to these.
        _ when type.Namespace == "pg_catalog" => ValueType.Unknown,
        _ => new ValueType(ValueShape.Text, Qualified(type)),
    };

    static ValueType ElementOf(PostgresType element) => element is PostgresDomainType domain
        ? TypeOf(domain.BaseType) with { TypeName = Qualified(domain) }
        : TypeOf(element);

    static string Qualified(PostgresType type)
    {
        var schema = type.Namespace == "public" ? type.Namespace : SqlQuote.Identifier(type.Namespace);
        // Behind a dot every lower-case word is a name, keywords too.
        var isPlain = type.InternalName.All(c => char.IsAsciiLetterLower(c) || c == '_');
        return $"{schema}.{(isPlain ? type.InternalName : SqlQuote.Identifier(type.InternalName))}";
    }
}
