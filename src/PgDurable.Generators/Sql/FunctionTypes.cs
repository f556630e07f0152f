namespace PgDurable.Generators.Sql;

/// <summary>The types of those PostgreSQL functions whose result type doesn't depend on the arguments.</summary>
internal static class FunctionTypes
{
    private const string Timestamp = "timestamp with time zone";

    /// <summary>The type of a function that is called without a schema or with pg_catalog; null if it varies.</summary>
    public static string? Of(string? name) => name switch
    {
        "count" or "row_number" or "rank" or "dense_rank" or "nextval" or "currval" => "bigint",
        "char_length" or "octet_length" or "array_length" or "cardinality" => "integer",
        "bool_and" or "bool_or" or "every" => "boolean",
        "extract" => "numeric",
        "date_part" => "double precision",
        "now" or "clock_timestamp" or "statement_timestamp" or "transaction_timestamp" => Timestamp,
        "gen_random_uuid" => "uuid",
        "md5" or "to_char" or "concat" or "concat_ws" => "text",
        "to_json" or "row_to_json" or "json_agg" or "json_build_object" or "json_build_array" => "json",
        "to_jsonb" or "jsonb_agg" or "jsonb_build_object" or "jsonb_build_array" or "jsonb_object_agg" => "jsonb",
        _ => null,
    };

    /// <summary>The type of a keyword that is a value, with or without a precision in parentheses; null for any other word.</summary>
    public static string? OfWord(string word) => word switch
    {
        "CURRENT_DATE" => "date",
        "CURRENT_TIME" => "time with time zone",
        "CURRENT_TIMESTAMP" => Timestamp,
        "LOCALTIME" => "time without time zone",
        "LOCALTIMESTAMP" => "timestamp without time zone",
        "CURRENT_USER" or "CURRENT_ROLE" or "SESSION_USER" or "USER" or "CURRENT_CATALOG" or "CURRENT_SCHEMA" => "name",
        _ => null,
    };
}
