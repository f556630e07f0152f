using PgDurable.Testing.Constants;

namespace PgDurable.Testing.Tests.Constants;

public sealed class ConstantSelectTests
{
    /// <summary>
    /// Statements that need no database, and their results. The conformance tests compare them with PostgreSQL.
    /// </summary>
    public static TheoryData<string, string> Known => new()
    {
        { "SELECT 1 AS a", "1" },
        { "SELECT 1 + 2 * 3 AS a", "7" },
        { "SELECT (1 + 2) * 3 AS a", "9" },
        { "SELECT 7 / 2 AS a", "3" },
        { "SELECT -7 % 3 AS a", "-1" },
        { "SELECT 7.0 - 2 AS a", "\"5.0\"" },
        { "SELECT '99.5'::pg_catalog.numeric < 10000 AS a", "true" },
        { "SELECT ('1'::pg_catalog.int8) = 1 AND NOT false AS a", "true" },
        { "SELECT NULL::pg_catalog.bool OR true AS a", "true" },
        { "SELECT NULL::pg_catalog.bool AND true AS a", "null" },
        { "SELECT NOT NULL::bool AS a", "null" },
        { "SELECT coalesce(NULL::text, 'x') AS a", "\"x\"" },
        { "SELECT coalesce((('{\"approved\":true}'::pg_catalog.jsonb) ->> 'approved')::boolean, false) AS a", "true" },
        { "SELECT ('{\"a\":[1,{\"b\":\"c\"}]}'::jsonb #>> '{a,1,b}') AS a", "\"c\"" },
        { "SELECT '{\"a\":1}'::jsonb -> 'a' AS a", "1" },
        { "SELECT '{\"a\":null}'::jsonb ->> 'a' IS NULL AS a", "true" },
        { "SELECT '[1,2,3]'::jsonb ->> -1 AS a", "\"3\"" },
        { "SELECT 'a' || 'b' = 'ab' AS a", "true" },
        { "SELECT 3 IN (1, 2, 3) AS a", "true" },
        { "SELECT 3 NOT IN (1, 2) AS a", "true" },
        { "SELECT 2 BETWEEN 1 AND 3 AS a", "true" },
        { "SELECT 'x' IS DISTINCT FROM NULL AS a", "true" },
        { "SELECT (1 = 2) IS NOT TRUE AS a", "true" },
        { "SELECT '2026-01-31'::date < '2026-02-01'::date AS a", "true" },
        { "SELECT '2026-01-31T10:00:00+00:00'::timestamptz = '2026-01-31 11:00:00+01'::timestamptz AS a", "true" },
        { "SELECT CASE WHEN 1 > 2 THEN 'a' WHEN true THEN 'b' ELSE 'c' END AS a", "\"b\"" },
        { "SELECT nullif(1, 1) IS NULL AS a", "true" },
        { "SELECT CAST('5' AS int) + 1 AS a", "6" },
        { "SELECT length('äöü') AS a", "3" },
        { "SELECT lower('ABC') = 'abc' AS a", "true" },
        { "SELECT jsonb_array_length('[1,2]') AS a", "2" },
        { "SELECT 't'::bool AS a", "true" },
        {
            "SELECT concat((SELECT count(*) FROM (VALUES ('a'::pg_catalog.text,'2'::pg_catalog.int8), ('b','3')) AS \"t\"(\"x\",\"n\")), "
            + "' rows', NULL) AS a",
            "\"2 rows\""
        },
        { "SELECT (SELECT count(*) FROM (SELECT NULL::pg_catalog.text WHERE false) AS \"t\"(\"x\")) AS a", "0" },
        { "SELECT NOT EXISTS (SELECT FROM (VALUES (1)) AS t(x)) AS a", "false" },
        { "SELECT starts_with('abc', 'ab') AND strpos('abc', 'c') = 3 AND right('abc', 2) = 'bc' AND btrim(' x ') = 'x' AS a", "true" },
        { "SELECT ('\"x\"'::jsonb #>> ARRAY[]::text[]) AS a", "\"x\"" },
        { "SELECT 1.5::float8 * 2 AS a", "3" },
        { "SELECT 10 / 4.0 AS a", "\"2.5000000000000000\"" },
        { "SELECT 1 / 3.0 AS a", "\"0.33333333333333333333\"" },
        { "SELECT 99999.5 / 2 AS a", "\"49999.750000000000\"" },
        { "SELECT 0.001 / 7000 AS a", "\"0.000000142857142857142857\"" },
        { "SELECT 7.50 % 2 AS a", "\"1.50\"" },
        { "SELECT 1.10 * 3.0 AS a", "\"3.300\"" },
        { "SELECT -(1.50) AS a", "\"-1.50\"" },
        { "SELECT CASE WHEN true THEN 1 ELSE 2.5 END AS a", "\"1\"" },
        { "SELECT CASE WHEN 0 = 0 THEN 0 ELSE 1 / 0 END AS a", "0" },
        { "SELECT 0 <> 0 AND 1 / 0 > 1 AS a", "false" },
        { "SELECT 0 = 0 OR 1 / 0 > 1 AS a", "true" },
        { "SELECT coalesce(1, 2.5) AS a", "\"1\"" },
        { "SELECT coalesce(1::int8, 1 / 0) AS a", "1" },
        { "SELECT E'\\x24\\\\ it''s' || E'\\n' AS a", "\"$\\\\ it's\\n\"" },
        { "SELECT $$it's$$ AS a", "\"it's\"" },
        { "SELECT 1.1::float4 AS a", "1.1" },
        { "SELECT 0.1::float4::float8 AS a", "0.10000000149011612" },
        { "SELECT -(0 / 2.50) * 2::float8 AS a", "0" },
        { "SELECT length(NULL::text) AS a", "null" },
        { "SELECT starts_with(NULL::text, 'x') AS a", "null" },
        { "SELECT ' \t' !~ '[^[:space:]]' AND 'x ' ~ '[^[:space:]]' AS a", "true" },
        { "SELECT '{\"b\":[1,{\"c\":2}],\"a\":1e2}'::jsonb AS a", "{\"a\": 100, \"b\": [1, {\"c\": 2}]}" },
        { "SELECT '{\"b\":[1,2]}'::jsonb ->> 'b' AS a", "\"[1, 2]\"" },
        { "SELECT '{\"b\" :[1,2]}'::json AS a", "{\"b\" :[1,2]}" },
        { "SELECT nullif('{\"b\":null}'::jsonb -> 'b', 'null') AS a", "null" },
        { "SELECT to_jsonb(1.50) AS a", "1.50" },
        { "SELECT to_jsonb('2026-01-31 10:00:00.5'::timestamptz) AS a", "\"2026-01-31T10:00:00.5+00:00\"" },
        {
            "SELECT to_jsonb('2026-03-02T00:00:00+00:00'::timestamptz - '3 days 00:00:00.000000'::interval) AS a",
            "\"2026-02-27T00:00:00+00:00\""
        },
        { "SELECT '2026-03-02 01:00'::timestamptz - '2026-02-27 00:00'::timestamptz AS a", "\"3 days 01:00:00\"" },
        { "SELECT to_jsonb((40.5::double precision * interval '1 second')) AS a", "\"00:00:40.5\"" },
        { "SELECT coalesce(NULL::interval, interval '300 seconds') + '1 day'::interval AS a", "\"1 day 00:05:00\"" },
        { "SELECT -('1 day -00:00:00.25'::interval) AS a", "\"-1 days +00:00:00.25\"" },
        { "SELECT '1 day'::interval = interval '24 hours' AS a", "true" },
        { "SELECT '12 days'::interval * 0.5 AS a", "\"6 days\"" },
        { "SELECT to_jsonb('2026-01-31'::date) AS a", "\"2026-01-31\"" },
        { "SELECT to_jsonb('5f0c1a52-5f0c-4a52-8f0c-5f0c1a525f0c'::uuid) AS a", "\"5f0c1a52-5f0c-4a52-8f0c-5f0c1a525f0c\"" },
        { "SELECT to_jsonb(NULL::text) AS a", "null" },
        { "SELECT to_jsonb(true) AS a", "true" },
        { "SELECT json_build_object('k', 1, 'l', 'x', 'm', NULL::text) AS a", "{\"k\" : 1, \"l\" : \"x\", \"m\" : null}" },
        {
            "SELECT to_jsonb(json_build_object('rows', json_build_array(json_build_object('value', (2::int8 + 1)::bigint)), "
            + "'row_count', 1)) AS a",
            "{\"rows\": [{\"value\": 3}], \"row_count\": 1}"
        },
        {
            "SELECT to_jsonb(json_build_array((SELECT to_json(\"o\") FROM (VALUES ('1'::pg_catalog.int8,'x'::pg_catalog.text)) "
            + "AS \"o\"(\"id\",\"n\") LIMIT 1))) AS a",
            "[{\"n\": \"x\", \"id\": 1}]"
        },
        { "SELECT (SELECT x FROM (SELECT NULL::pg_catalog.int4 WHERE false) AS t(x) LIMIT 1) AS a", "null" },
        { "SELECT jsonb_typeof('[1]') || jsonb_typeof('true') AS a", "\"arrayboolean\"" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Evaluate_Constants_GivesWhatPostgresGives(string sql, string value) =>
        Assert.Equal($$"""{"rows":[{"a":{{value}}}],"row_count":1,"rows_affected":0}""", ConstantSelect.Evaluate(sql)?.Json);

    /// <summary>Queries with several rows or columns, and the names of columns without AS.</summary>
    public static TheoryData<string, string> Queries => new()
    {
        { "SELECT 1, 'x' AS b", """[{"?column?":1,"b":"x"}]""" },
        { "SELECT upper('a'), 1::int8, 'x'::text, (2::pg_catalog.numeric)", """[{"upper":"A","int8":1,"text":"x","numeric":"2"}]""" },
        { "SELECT lower('A')::varchar, CASE WHEN true THEN 1 END, coalesce('a', 'b')", """[{"lower":"a","case":1,"coalesce":"a"}]""" },
        { "SELECT EXISTS (SELECT FROM (VALUES (1)) AS t(x)), true", """[{"exists":true,"?column?":true}]""" },
        { "SELECT (SELECT x FROM (VALUES (1)) AS t(x)), (SELECT count(*) FROM (VALUES (1)) AS t(x))", """[{"x":1,"count":1}]""" },
        { "SELECT cast('5' AS int)", """[{"int4":5}]""" },
        { "SELECT 1 AS a WHERE false", "[]" },
        { "SELECT x, y FROM (VALUES (1::int4,'a'::text), (2,'b')) AS t(x,y)", """[{"x":1,"y":"a"},{"x":2,"y":"b"}]""" },
        { Items("item.value ->> 'v'", """[{"rows":[{"v":1}]},{"rows":[]},{"v":"x"}]"""), """[{"r":"1"},{"r":null},{"r":"x"}]""" },
        { Items("item.value ->> 'v'", "[]"), "[]" },
        { "SELECT CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE '' END AS c", """[{"c":"b"}]""" },
        { "SELECT CASE WHEN 1 > 2 THEN 'x'::text::int ELSE 3 END AS c", """[{"c":3}]""" },
        {
            Items("(SELECT v FROM jsonb_each_text(item.value) AS e (k, v) LIMIT 1)::bigint", """[{"rows":[{"v":1}]},{"rows":[{"w":2}]}]"""),
            """[{"r":1},{"r":2}]"""
        },
        {
            Items(
                "(CASE jsonb_typeof(item.value) WHEN 'object' THEN (SELECT v FROM jsonb_each_text(item.value) AS e (k, v) LIMIT 1) "
                + "ELSE (item.value #>> ARRAY[]::text[]) END)::integer",
                "[5,{\"rows\":[{\"v\":1}]}]"),
            """[{"r":5},{"r":1}]"""
        },
    };

    // What the generator makes of the results of ForEach.
    static string Items(string column, string items) =>
        $"SELECT {column} AS r FROM jsonb_array_elements('{items}'::jsonb) WITH ORDINALITY AS result (value, place) CROSS JOIN LATERAL "
        + "(SELECT coalesce(result.value -> 'rows' -> 0, result.value)) AS item (value) ORDER BY result.place";

    [Theory]
    [MemberData(nameof(Queries))]
    public void Evaluate_Queries_GivesWhatPostgresGives(string sql, string rows) =>
        Assert.StartsWith($$"""{"rows":{{rows}},"row_count":""", ConstantSelect.Evaluate(sql)?.Json);

    [Theory]
    [InlineData("SELECT a FROM t")]
    [InlineData("SELECT now()")]
    [InlineData("SELECT x")]
    [InlineData("SELECT CASE WHEN 1 > 2 THEN 'x'::int ELSE 3 END AS c")]
    [InlineData("SELECT lower('Ä')")]
    [InlineData("SELECT 2147483647 + 1 AS a")]
    [InlineData("SELECT '10:00'::timestamp AS a")]
    [InlineData("SELECT 1e20::float8 AS a")]
    [InlineData("SELECT NULL::mytype AS a")]
    [InlineData("SELECT 1 || 2 AS a")]
    [InlineData("SELECT 99999999999 IN (99999999999, 0.1::float4) AS a")]
    [InlineData("SELECT 1000000 * 10000000000::float8 AS a")]
    [InlineData("SELECT CASE WHEN concat('a') = 'a' THEN 1 ELSE 1 / 0 END AS a")]
    [InlineData("SELECT nullif('1'::json, 'null') AS a")]
    [InlineData("SELECT NULL::uuid::date AS a")]
    [InlineData("SELECT NULL::float8 % 2 AS a")]
    [InlineData("SELECT '5'::jsonb -> 0 AS a")]
    [InlineData("SELECT to_jsonb('x') AS a")]
    [InlineData("SELECT x FROM (VALUES (1)) AS t(x) ORDER BY x")]
    [InlineData("SELECT 1 UNION SELECT 2")]
    [InlineData("SELECT 1, 1")]
    [InlineData("SELECT DISTINCT 1")]
    [InlineData("SELECT 1 / 0")]
    [InlineData("SELECT 'a' < 'b'")]
    [InlineData("SELECT 'abc'::varchar(2)")]
    [InlineData("UPDATE t SET a = 1")]
    [InlineData("SELECT 'x'::int")]
    public void Evaluate_NeedsADatabase_IsNotKnown(string sql) => Assert.Null(ConstantSelect.Evaluate(sql));

    [Theory]
    [InlineData("SELECT NOT true AND '⟨any⟩'::bool", false)]
    [InlineData("SELECT true OR '⟨any⟩'::int > 5", true)]
    [InlineData("SELECT '⟨any⟩'::int > 5", null)]
    [InlineData("SELECT coalesce(('{\"a\":\"⟨any⟩\"}'::jsonb ->> 'a')::boolean, false)", null)]
    [InlineData("SELECT count(*) FROM t", null)]
    public void Truth_UnknownValues_MayBeEither(string sql, bool? truth) => Assert.Equal(truth, ConstantSelect.Truth(sql));
}
