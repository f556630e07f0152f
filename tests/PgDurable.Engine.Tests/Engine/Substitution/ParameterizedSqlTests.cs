namespace PgDurable.Worker.Engine.Substitution;

/// <summary>The prepared form of a statement. PreparedStepTests show on a server that it means the same.</summary>
public class ParameterizedSqlTests
{
    static readonly Dictionary<string, StepResult> Names = new()
    {
        ["r"] = new(
            """{"rows":[{"id":5,"name":"it's","tags":["x",null],"doc":{"a": 1},"none":null}],"row_count":1,"rows_affected":0}""",
            [
                new("id", "pg_catalog.int8"), new("name", "pg_catalog.text"), new("tags", "pg_catalog.text[]"),
                new("doc", "pg_catalog.jsonb"), new("none", "pg_catalog.date"),
            ]),
        ["input"] = new("""{"n":7,"neg":-7,"big":5000000000,"huge":1e30,"whole":123456789012345678901234567890,"d":1.50"""
            + ""","s":"it's","ok":true,"doc":{"a": 1},"none":null,"hour":"1","day":"2026-02-28"}""", null),
    };

    [Theory]
    [InlineData("SELECT 1", "SELECT 1")]
    [InlineData(" with x as (select 1) select * from x", " with x as (select 1) select * from x")]
    [InlineData("INSERT INTO t VALUES ($r, $r.name)", "INSERT INTO t VALUES (($1::pg_catalog.int8), $2)", "5", "it's")]
    [InlineData("SELECT $r.id, $r.id", "SELECT ($1::pg_catalog.int8) AS \"?column?\", ($2::pg_catalog.int8) AS \"?column?\"", "5", "5")]
    [InlineData(
        "SELECT $r.tags[1], $r.doc ? 'a'", "SELECT ($1::pg_catalog.text[])[1], ($2::pg_catalog.jsonb) ? 'a'", "{\"x\",NULL}", "{\"a\":1}")]
    [InlineData("SELECT $r.none?, $r.id?", "SELECT (NULL::pg_catalog.date) AS \"?column?\", ($1::pg_catalog.int8) AS \"?column?\"", "5")]
    [InlineData(
        "SELECT $input.n, $input.neg", "SELECT ($1::pg_catalog.int4) AS \"?column?\", ($2::pg_catalog.int4) AS \"?column?\"", "7", "-7")]
    [InlineData(
        "SELECT $input.big, $input.huge, $input.whole",
        "SELECT ($1::pg_catalog.int8) AS \"?column?\", ($2::pg_catalog.numeric) AS \"?column?\", ($3::pg_catalog.numeric) AS \"?column?\"",
        "5000000000", "1e30", "123456789012345678901234567890")]
    [InlineData(
        "SELECT $input.d, $input.ok, $input.doc",
        "SELECT ($1::pg_catalog.numeric) AS \"?column?\", ($2::pg_catalog.bool) AS \"?column?\", ($3::pg_catalog.jsonb) AS \"?column?\"",
        "1.50", "true", "{\"a\":1}")]
    [InlineData("SELECT $input.s, 'a'$input.s, $input.none?", "SELECT $1, 'a'($2), NULL", "it's", "it's")]
    [InlineData("SELECT '$', \"a$b\", $$ x $$ -- $r", "SELECT '$', \"a$b\", $$ x $$ -- $r")]
    [InlineData("SELECT a FROM t WHERE b = $input.s GROUP BY a HAVING a > $input.n ORDER BY a + $input.n LIMIT $input.n",
        "SELECT a FROM t WHERE b = $1 GROUP BY a HAVING a > ($2::pg_catalog.int4) "
            + "ORDER BY a + ($3::pg_catalog.int4) LIMIT ($4::pg_catalog.int4)",
        "it's", "7", "7", "7")]
    [InlineData("SELECT max(a) FROM t ORDER BY f($r.id, $r.name)",
        "SELECT max(a) FROM t ORDER BY f(($1::pg_catalog.int8), ($2::pg_catalog.text))", "5", "it's")]
    [InlineData("SELECT $input.day", "SELECT $1", "2026-02-28")]
    [InlineData("SELECT now(), $input.s ORDER BY 1", "SELECT now(), $1 ORDER BY 1", "it's")]
    public void Parameterized_HasParametersForValues(string sql, string text, params string[] values) =>
        Assert.Equal(new ParameterizedSql(text, values), SqlSubstitution.Substitute(sql, Names).Parameterized);

    [Theory]
    [InlineData("VACUUM t")]
    [InlineData("CALL p($r)")]
    [InlineData("CREATE TABLE t AS SELECT $r")]
    [InlineData("-- what\nSELECT 1")]
    [InlineData("SELECT '$r'")]
    [InlineData("SELECT \"$input.s\"")]
    [InlineData("SELECT $$ $r $$")]
    [InlineData("SELECT * FROM $r.*")]
    [InlineData("SELECT $1, $r")]
    [InlineData("SELECT a FROM t ORDER BY $input.n")]
    [InlineData("SELECT a FROM t ORDER BY -$input.n")]
    [InlineData("SELECT a FROM t ORDER BY a, $input.n")]
    [InlineData("SELECT a FROM t ORDER BY $input.s")]
    [InlineData("SELECT a FROM t ORDER BY $input.ok")]
    [InlineData("SELECT a FROM t GROUP BY GROUPING SETS (($input.n))")]
    [InlineData("SELECT a FROM t GROUP BY ALL $input.n")]
    [InlineData("SELECT DISTINCT ON ($input.n) a FROM t")]
    [InlineData("SELECT CAST($input.hour AS interval hour)")]
    [InlineData("INSERT INTO t VALUES ($input.hour)")]
    [InlineData("SELECT E'\\x74oday'::date")]
    [InlineData("SELECT U&'tod!0061y' UESCAPE '!'")]
    [InlineData("SELECT 'to'\n  'day'::date")]
    [InlineData("SELECT 'to' -- and\n-- so on\n 'day'::date")]
    [InlineData("SELECT 'Now'::timestamptz")]
    [InlineData("SELECT date 'tomorrow'")]
    [InlineData("SELECT 'x'::regrole")]
    public void Parameterized_WhereItCouldMeanSomethingElse_IsNone(string sql) =>
        Assert.Null(SqlSubstitution.Substitute(sql, Names).Parameterized);

    [Fact]
    public void Parameterized_OfALongStatement_IsNone() =>
        Assert.Null(SqlSubstitution.Substitute("SELECT '" + new string('x', 20_000) + "'", Names).Parameterized);
}
