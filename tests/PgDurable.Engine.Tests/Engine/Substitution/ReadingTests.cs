namespace PgDurable.Worker.Engine.Substitution;

/// <summary>
/// The ways to write a statement's values, in the order in which they are tried. PlacesOfTypesTests show which of them a server accepts.
/// </summary>
public class ReadingTests
{
    static readonly Dictionary<string, StepResult> Names = new()
    {
        ["r"] = new(
            """{"rows":[{"n":5,"neg":-5,"f":2.5,"nan":"NaN","t":"it's","v":"5","arr":"{a}","c":"ab  ","doc":{"a": 1},"str":"s","tags":"""
                + """["x",null],"u":"0a","none":null,"day":null}],"row_count":1,"rows_affected":0}""",
            [
                new("n", "pg_catalog.int8"), new("neg", "pg_catalog.int8"), new("f", "pg_catalog.float8"), new("nan", "pg_catalog.float8"),
                new("t", "pg_catalog.text"), new("v", "pg_catalog.varchar"), new("arr", "pg_catalog.text"), new("c", "pg_catalog.bpchar"),
                new("doc", "pg_catalog.jsonb"), new("str", "pg_catalog.jsonb"), new("tags", "pg_catalog.text[]"),
                new("u", "pg_catalog.uuid"), new("none", "pg_catalog.text"), new("day", "pg_catalog.date"),
            ]),
        ["input"] = new("""{"s":"x","n":7,"doc":{"a": 1},"none":null}""", null),
    };

    static string[] All(string sql)
    {
        var forms = new List<string>();
        for (var form = SqlSubstitution.Substitute(sql, Names); form != null; form = form.Otherwise())
            forms.Add(form.Text);
        return [.. forms];
    }

    [Theory]
    [InlineData("f($r.n)", "f(('5'::pg_catalog.int8))", "f(5)")]
    [InlineData("f($r.neg)", "f(('-5'::pg_catalog.int8))", "f((-5))")]
    [InlineData("f($r.f)", "f(('2.5'::pg_catalog.float8))", "f(2.5)")]
    [InlineData("f($r.nan)", "f(('NaN'::pg_catalog.float8))", "f('NaN')")]
    [InlineData("f($r.t)", "f('it''s')", "f(('it''s'::pg_catalog.text))")]
    [InlineData("f($r.v)", "f('5')", "f(('5'::pg_catalog.varchar))")]
    [InlineData("f($r.c)", "f(('ab  '::pg_catalog.bpchar))", "f('ab  ')")]
    [InlineData("f($r.doc)", "f(('{\"a\":1}'::pg_catalog.jsonb))", "f('{\"a\":1}')")]
    [InlineData("f($r.str)", "f(('\"s\"'::pg_catalog.jsonb))", "f('s')")]
    [InlineData("f($r.tags)", "f(('{\"x\",NULL}'::pg_catalog.text[]))", "f('{\"x\",NULL}')")]
    [InlineData("f($r.u)", "f(('0a'::pg_catalog.uuid))", "f('0a')")]
    [InlineData("f($r.none?)", "f(NULL)", "f((NULL::pg_catalog.text))")]
    [InlineData("f($r.day?)", "f((NULL::pg_catalog.date))", "f(NULL)")]
    [InlineData("f($r.nosuch?)", "f(NULL)", "f((NULL::pg_catalog.text))")]
    [InlineData("f($input.s)", "f('x')", "f(('x'::pg_catalog.text))")]
    [InlineData("f($input.n)", "f(7)")]
    [InlineData("f($input.doc)", "f(('{\"a\":1}'::pg_catalog.jsonb))", "f('{\"a\":1}')")]
    [InlineData(
        "f($r.t, $r.n)", "f('it''s', ('5'::pg_catalog.int8))", "f(('it''s'::pg_catalog.text), ('5'::pg_catalog.int8))", "f('it''s', 5)")]
    [InlineData("f('$r.n')", "f('5')")]
    [InlineData("f($nosuch)", "f($nosuch)")]
    [InlineData("DO $$ f($r.n) $$", "DO $$ f(('5'::pg_catalog.int8)) $$", "DO $$ f(5) $$")]
    public void Statement_HasForms(string sql, params string[] forms) => Assert.Equal(forms, All(sql));

    [Fact]
    public void Rows_WithoutTypes_AreTextsAndNumbers() => Assert.Equal(
        """SELECT * FROM (VALUES (5,-5,2.5,'NaN'::pg_catalog.text,'it''s'::pg_catalog.text,'5'::pg_catalog.text,'{a}'::pg_catalog.text"""
        + """,'ab  '::pg_catalog.text,'{"a":1}'::pg_catalog.text,'s'::pg_catalog.text,'{"x",NULL}'::pg_catalog.text"""
        + """,'0a'::pg_catalog.text,NULL::pg_catalog.text,NULL::pg_catalog.text)) """
        + """AS "r"("n","neg","f","nan","t","v","arr","c","doc","str","tags","u","none","day")""",
        All("SELECT * FROM $r.*")[1]);

    [Fact]
    public void Document_ThatIsNoText_HasOneForm()
    {
        var result = new StepResult("""{"rows":[{"j":"\u0000"}],"row_count":1}""", [new("j", "pg_catalog.json")]);
        Assert.Null(SqlSubstitution.Substitute("f($x)", new Dictionary<string, StepResult> { ["x"] = result }).Otherwise());
    }

    [Theory]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""["\u0000"]""")]
    public void Document_ThatIsNoJsonb_DoesNotBecomeAText(string json) =>
        Assert.Null(SqlSubstitution.Substitute("f($x.data)",
            new Dictionary<string, StepResult> { ["x"] = new($$"""{"data":{{json}}}""", null) }).Otherwise());

    // tags || '{a}' would join two arrays, where tags || 'a' is an error.
    [Theory]
    [InlineData("a || $r.t", "a || ('it''s'::pg_catalog.text)")]
    [InlineData("$r.arr || a", "('{a}'::pg_catalog.text) || a")]
    [InlineData("a||$r.none?", "a||(NULL::pg_catalog.text)")]
    [InlineData("f($r.arr)", "f('{a}')")]
    [InlineData("a <> $r.arr", "a <> '{a}'")]
    [InlineData("SELECT a FROM t ORDER BY $r.t", "SELECT a FROM t ORDER BY ('it''s'::pg_catalog.text)")]
    [InlineData("INSERT INTO t VALUES ($r.v)", "INSERT INTO t VALUES (('5'::pg_catalog.varchar))")]
    [InlineData("INSERT INTO t VALUES (interval '1', $r.v)", "INSERT INTO t VALUES (interval '1', '5')")]
    public void Text_WhereThePlaceCouldMisreadIt_HasItsType(string sql, string expected) => Assert.Equal(expected, All(sql)[0]);

    [Theory]
    [InlineData("""{"a":1}""", "a || '{\"a\":1}'")]
    [InlineData("[1]", "a || '[1]'")]
    [InlineData("{}", "a || ('{}'::pg_catalog.text)")]
    [InlineData("{1}", "a || ('{1}'::pg_catalog.text)")]
    [InlineData("1", "a || ('1'::pg_catalog.text)")]
    public void Document_BesideConcatenation_MayBeJson(string text, string expected)
    {
        var result = new StepResult(
            $$"""{"rows":[{"v":{{System.Text.Json.JsonSerializer.Serialize(text)}}}],"row_count":1}""", [new("v", "pg_catalog.text")]);
        Assert.Equal(expected, SqlSubstitution.Substitute("a || $x", new Dictionary<string, StepResult> { ["x"] = result }).Text);
    }

    const string Five = "('5'::pg_catalog.int8)", Named = Five + " AS \"?column?\"";

    [Theory]
    [InlineData("SELECT $r", "SELECT " + Named)]
    [InlineData("SELECT ALL $r;", "SELECT ALL " + Named + ";")]
    [InlineData("SELECT DISTINCT $r /* a */ FROM t", "SELECT DISTINCT " + Named + " /* a */ FROM t")]
    [InlineData("SELECT a, $r, b", "SELECT a, " + Named + ", b")]
    [InlineData("SELECT f(a, b), $r UNION SELECT 1", "SELECT f(a, b), " + Named + " UNION SELECT 1")]
    [InlineData("SELECT ARRAY[a, b], $r", "SELECT ARRAY[a, b], " + Named)]
    [InlineData("SELECT (SELECT $r), 1", "SELECT (SELECT " + Named + "), 1")]
    [InlineData("UPDATE t SET a = 1 RETURNING a, $r", "UPDATE t SET a = 1 RETURNING a, " + Named)]
    [InlineData("SELECT $r AS n", "SELECT " + Five + " AS n")]
    [InlineData("SELECT $r n", "SELECT " + Five + " n")]
    [InlineData("SELECT $r \"n\"", "SELECT " + Five + " \"n\"")]
    [InlineData("SELECT $r + 1, -$r, $r::text", "SELECT " + Five + " + 1, -" + Five + ", " + Five + "::text")]
    [InlineData("SELECT f(a, $r), ARRAY[1, $r], 1 IN (1, $r)", "SELECT f(a, " + Five + "), ARRAY[1, " + Five + "], 1 IN (1, " + Five + ")")]
    [InlineData("SELECT a FROM t, f(1, $r) LIMIT $r", "SELECT a FROM t, f(1, " + Five + ") LIMIT " + Five)]
    [InlineData("SELECT a FROM t ORDER BY a, $r", "SELECT a FROM t ORDER BY a, " + Five)]
    [InlineData("INSERT INTO t VALUES (1, $r)", "INSERT INTO t VALUES (1, " + Five + ")")]
    [InlineData("DO $$ SELECT $r $$", "DO $$ SELECT " + Five + " $$")]
    public void Column_ThatIsAReference_HasNoName(string sql, string expected) => Assert.Equal(expected, All(sql)[0]);
}
