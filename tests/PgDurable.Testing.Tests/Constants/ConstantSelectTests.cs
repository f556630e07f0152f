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
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Evaluate_Constants_GivesWhatPostgresGives(string sql, string value) =>
        Assert.Equal($$"""{"rows":[{"a":{{value}}}],"row_count":1,"rows_affected":0}""", ConstantSelect.Evaluate(sql)?.Json);

    [Theory]
    [InlineData("SELECT a FROM t")]
    [InlineData("SELECT now()")]
    [InlineData("SELECT 1 / 0")]
    [InlineData("SELECT 'a' < 'b'")]
    [InlineData("SELECT 'abc'::varchar(2)")]
    [InlineData("SELECT 1, 2")]
    [InlineData("SELECT (SELECT 1)")]
    [InlineData("UPDATE t SET a = 1")]
    [InlineData("SELECT 1 WHERE false")]
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
