namespace PgDurable.Testing.Tests.Constants;

/// <summary>A random SELECT of constants, with the operators and functions that the generator makes of C#.</summary>
sealed class RandomExpression(int seed)
{
    readonly Random _random = new(seed);

    public string Make() => $"SELECT {Any(3)} AS a, {Any(2)}";

    string Pick(params string[] texts) => texts[_random.Next(texts.Length)];

    string Any(int depth) => _random.Next(5) switch
    {
        0 => Number(depth),
        1 => Text(depth),
        2 => Truth(depth),
        3 => Json(depth),
        _ => Other(depth),
    };

    string Number(int depth) => depth == 0 ? Pick("0", "7", "-3", "2.50", "0.001", "10000.5", "99999999999", "'1.5'::float8",
            "'12'::pg_catalog.numeric", "'5'::pg_catalog.int8", "3::int2", "NULL::pg_catalog.int4", "'0.1'::float4", "2147483647",
            "NULL::numeric")
        : _random.Next(9) switch
        {
            0 or 1 or 2 => $"({Number(depth - 1)} {Pick("+", "-", "*", "/", "%")} {Number(depth - 1)})",
            3 => $"(- {Number(depth - 1)})",
            4 => $"({Number(depth - 1)})::{Pick("bigint", "integer", "numeric", "double precision", "real", "smallint")}",
            5 => $"coalesce({Number(depth - 1)}, {Number(depth - 1)})",
            6 => $"(CASE WHEN {Truth(depth - 1)} THEN {Number(depth - 1)} ELSE {Number(depth - 1)} END)",
            7 => $"length({Text(depth - 1)})",
            _ => $"abs({Number(depth - 1)})",
        };

    string Text(int depth) => depth == 0
        ? Pick("'a'", "'it''s'", "E'\\x24\\n'", "'Ärger'::text", "''", "' b '::pg_catalog.text", "NULL::text", "'5'",
            "'x'::varchar", "$$q$$")
        : _random.Next(9) switch
        {
            0 => $"concat({Any(depth - 1)}, {Any(depth - 1)})",
            1 => $"({Text(depth - 1)} || {Text(depth - 1)})",
            2 => $"{Pick("upper", "lower", "btrim")}({Text(depth - 1)})",
            3 => $"right({Text(depth - 1)}, 2)",
            4 => $"coalesce({Text(depth - 1)}, {Text(depth - 1)})",
            5 => $"({Json(depth - 1)} ->> {Pick("'a'", "0", "-1")})",
            6 => $"({Json(depth - 1)} #>> {Pick("'{a,b}'", "ARRAY[]::text[]", "'{1}'")})",
            7 => $"({Other(depth - 1)})::text",
            _ => $"(CASE {Number(depth - 1)} WHEN {Number(depth - 1)} THEN {Text(depth - 1)} END)",
        };

    string Truth(int depth) => depth == 0 ? Pick("true", "false", "NULL::bool", "'t'::bool")
        : _random.Next(10) switch
        {
            0 => $"({Truth(depth - 1)} {Pick("AND", "OR")} {Truth(depth - 1)})",
            1 => $"(NOT {Truth(depth - 1)})",
            2 or 3 => $"({Number(depth - 1)} {Pick("=", "<", ">=", "<>", "IS NOT DISTINCT FROM")} {Number(depth - 1)})",
            4 => $"({Text(depth - 1)} {Pick("=", "<>", "IS DISTINCT FROM")} {Text(depth - 1)})",
            5 => $"({Any(depth - 1)} IS {Pick("NULL", "NOT NULL")})",
            6 => $"{Pick("starts_with", "0 < strpos")}({Text(depth - 1)}, {Text(depth - 1)})",
            7 => $"({Text(depth - 1)} !~ '[^[:space:]]')",
            8 => $"({Number(depth - 1)} IN ({Number(depth - 1)}, {Number(depth - 1)}))",
            _ => $"({Other(depth - 1)} = {Other(depth - 1)})",
        };

    string Json(int depth) => depth == 0
        ? Pick("'{\"b\":[1, {\"a\":null}],\"a\":1.50}'::jsonb", "'[1,\"x\",true]'::pg_catalog.jsonb", "'{\"a\" : {\"b\":\"c\"}}'::json",
            "'null'::jsonb", "NULL::jsonb", "'1e3'::jsonb")
        : _random.Next(6) switch
        {
            0 => $"to_jsonb(({Any(depth - 1)}))",
            1 => $"json_build_object('k', {Any(depth - 1)}, 'l', {Any(depth - 1)})",
            2 => $"jsonb_build_array({Any(depth - 1)}, {Any(depth - 1)})",
            3 => $"({Json(depth - 1)} -> {Pick("'a'", "1")})",
            4 => $"nullif({Json(depth - 1)}, 'null')",
            _ => $"({Json(depth - 1)})::jsonb",
        };

    string Interval(int depth) => depth == 0
        ? Pick("interval '300 seconds'", "'3 days 00:00:00.000000'::interval", "'-1 days -02:03:04.5'::interval", "'00:00:00'::interval",
            "NULL::interval")
        : _random.Next(4) switch
        {
            0 => $"(({Number(depth - 1)})::double precision * interval '1 {Pick("second", "minute", "day")}')",
            1 => $"({Interval(depth - 1)} {Pick("+", "-")} {Interval(depth - 1)})",
            2 => $"coalesce({Interval(depth - 1)}, {Interval(depth - 1)})",
            _ => $"(-{Interval(depth - 1)})",
        };

    string Other(int depth) => depth == 0
        ? Pick("'2026-01-31'::date", "'2026-01-31 10:00:00.50+02'::timestamptz", "'2026-01-31T10:00:00'::timestamp", "NULL::date",
            "'8C1F0A2B-0000-0000-0000-000000000001'::uuid", Interval(0))
        : _random.Next(3) == 0
        ? $"({Pick("'2026-01-31 10:00:00.50+02'::timestamptz", "'2026-01-31'::timestamp", Interval(depth - 1))} "
            + $"{Pick("+", "-")} {Interval(depth - 1)})"
        : _random.Next(2) == 0 ? $"({Other(depth - 1)})::{Pick("date", "timestamptz", "timestamp", "text")}" : Other(depth - 1);
}
