using FsCheck;
using FsCheck.Fluent;
using PgDurable.Generators.Sql;

namespace PgDurable.Generators.Tests.Sql;

public sealed class SelectListTests
{
    /// <summary>The columns as <c>name:type</c>. A question mark means unknown. Dots at the end mean that there may be more.</summary>
    [Theory]
    [InlineData("SELECT order_id, total, note FROM orders WHERE order_id = \x01", "order_id:?, total:?, note:?")]
    [InlineData("SELECT count(*) AS count FROM users", "count:bigint")]
    [InlineData("SELECT o.id::text AS \"Id\", sum(x) total FROM orders o GROUP BY 1", "Id:text, total:?")]
    [InlineData("SELECT a::int, CAST(b AS numeric(10,2)), 1::bigint, (c + 1)::real", "a:integer, b:numeric, int8:bigint, float4:real")]
    [InlineData("SELECT relid::regclass::text AS name, n_dead_tup AS dead_tuples FROM s", "name:text, dead_tuples:?")]
    [InlineData("SELECT CASE WHEN a THEN 1 ELSE 2 END, CASE WHEN a THEN 1 ELSE b END, EXISTS (SELECT 1)",
        "case:integer, b:?, exists:boolean")]
    [InlineData("SELECT *", "...")]
    [InlineData("SELECT a, t.* FROM t", "a:?, ...")]
    [InlineData("SELECT {columns} FROM t", "...")]
    [InlineData("SELECT \x01, \x01::uuid, \x01 AS x, \"\x01\" FROM t", "?:?, uuid:uuid, x:?, ?:?")]
    [InlineData("SELECT $input.id, $input.id AS id", "?:?, id:?")]
    [InlineData("WITH x AS (SELECT 1), y(z) AS NOT MATERIALIZED (SELECT 2) SELECT a FROM x", "a:?")]
    [InlineData("SELECT 1 AS a UNION ALL SELECT 2.5", "a:?")]
    [InlineData("(SELECT a FROM t ORDER BY 1) LIMIT 1", "a:?")]
    [InlineData("SELECT DISTINCT ON (a, b) c FROM t", "c:?")]
    [InlineData("INSERT INTO t (a) VALUES (1) RETURNING id, a AS b", "id:?, b:?")]
    [InlineData("INSERT INTO t SELECT 1 AS returning", "")]
    [InlineData("UPDATE t SET a = 1", "")]
    [InlineData("DELETE FROM t RETURNING *", "...")]
    [InlineData("UPDATE t SET a = 1 RETURNING WITH (OLD AS o, NEW AS n) o.a AS before, n.a AS after", "before:?, after:?")]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING merge_action(), t.a", "merge_action:?, a:?")]
    [InlineData("VALUES (1, 'a'), (2, NULL)", "column1:integer, column2:text")]
    [InlineData("VALUES (1), (2.5)", "column1:?")]
    [InlineData("TABLE t", "...")]
    [InlineData("CREATE TABLE x AS SELECT 1", "")]
    [InlineData("SELECT 1 INTO x", "")]
    [InlineData("EXPLAIN SELECT 1", "...")]
    [InlineData("CALL p()", "...")]
    [InlineData("SELECT 1 AS from, t.from, a IS DISTINCT FROM b FROM t", "from:integer, from:?, ?column?:boolean")]
    [InlineData("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM t GROUP BY y", "percentile_cont:?")]
    [InlineData("SELECT now() AT TIME ZONE 'UTC' AS t, a || b, NOT c, -1, 'x'",
        "t:timestamp without time zone, ?column?:?, ?column?:boolean, ?column?:integer, ?column?:text")]
    [InlineData("SELECT 0x1F, 1_000", "?:?, ?:?")]
    [InlineData("select Größe, GRÖSSE, COUNT(*)", "größe:?, ?:?, count:bigint")]
    [InlineData("SELECT a FROM t;", "a:?")]
    [InlineData("WITH t AS (SELECT 1) SEARCH DEPTH FIRST BY a SET b SELECT a FROM t", "...")]
    public void Read_OfAStatement_IsWhatItShows(string sql, string expected) => Assert.Equal(expected, Show(SelectList.Read(sql)!));

    [Theory]
    [InlineData("")]
    [InlineData(" -- nothing")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 'x")]
    [InlineData("SELECT (1")]
    [InlineData("SELECT 1)")]
    [InlineData("SELECT (1]")]
    public void Read_OfNoSingleStatement_IsNull(string sql) => Assert.Null(SelectList.Read(sql));

    [Fact]
    public void Read_OfALongName_LeavesItOpen() => Assert.Equal("?:integer", Show(SelectList.Read($"SELECT 1 AS {new string('x', 64)}")!));

    [Theory]
    [InlineData("(", ")")]
    [InlineData("(SELECT ", ")")]
    [InlineData("CASE WHEN true THEN ", " END")]
    [InlineData("NOT ", "")]
    public void Read_OfDeepNesting_Ends(string open, string close)
    {
        var sql = "SELECT " + string.Concat(Enumerable.Repeat(open, 20_000)) + "1" + string.Concat(Enumerable.Repeat(close, 20_000));

        Assert.NotNull(SelectList.Read(sql));
    }

    [Fact]
    public void Read_OfAnyText_NeverFails() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000),
            Prop.ForAll(Statements.Fragments, text => Assert.NotNull(SelectList.Read(text))));

    private static string Show(SelectList list)
    {
        var columns = list.Columns.Select(column => $"{column.Name ?? "?"}:{column.Type ?? "?"}");
        return string.Join(", ", list.IsOpen ? columns.Append("...") : columns);
    }
}
