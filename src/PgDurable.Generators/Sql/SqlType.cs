namespace PgDurable.Generators.Sql;

/// <summary>A type that is written in SQL.</summary>
/// <param name="Name">The name that a column takes from it, such as <c>int8</c>; null if it can't be known.</param>
/// <param name="Type">The type as <c>format_type</c> writes it; null if it isn't one of PostgreSQL's own.</param>
internal readonly record struct SqlType(string? Name, string? Type)
{
    /// <summary>The type with an internal name, which the search path finds in pg_catalog first.</summary>
    public static SqlType Named(string? name) => new(name, name switch
    {
        "bool" => "boolean",
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "varchar" => "character varying",
        "bpchar" => "character",
        "char" => "\"char\"",
        "varbit" => "bit varying",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "numeric" or "money" or "text" or "name" or "uuid" or "bytea" or "bit" or "json" or "jsonb" or "xml" => name,
        "date" or "interval" or "inet" or "cidr" or "oid" or "regclass" or "tsvector" => name,
        _ => null,
    });

    public SqlType ToArray() => new(Name, Type is null ? null : Type + "[]");
}
