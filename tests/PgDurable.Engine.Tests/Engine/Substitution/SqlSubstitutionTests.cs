namespace PgDurable.Worker.Engine.Substitution;

public class SqlSubstitutionTests
{
    static readonly Dictionary<string, StepResult> Names = new()
    {
        ["n"] = Rows(
            """{"id":5,"name":"O'Neil","neg":-7,"path":"a\\b","tags":["x","a\"b",null],"doc":{"a": [1, "x y"]},"none":null,"größe":1}""",
            ("id", "pg_catalog.int8"), ("name", "pg_catalog.text"), ("neg", "pg_catalog.int4"), ("path", "pg_catalog.text"),
            ("tags", "pg_catalog.text[]"), ("doc", "pg_catalog.jsonb"), ("none", "pg_catalog.float8"), ("größe", null)),
        ["nn"] = Rows("""{"x":"1.50"}""", ("x", "pg_catalog.numeric")),
        ["empty"] = new("""{"rows":[],"row_count":0,"rows_affected":0}""", [new("id", "pg_catalog.int8"), new("x", null)]),
        ["input"] = new("""{"id":42,"neg":-1.5,"name":"it's","uuid":"0a","big":1e5,"ok":true,"list":[1, 2],"none":null,"wird$":1}""", null),
        ["text"] = new("\"abc\"", null),
        ["num"] = new("5", null),
        ["neg"] = new("-5", null),
        ["nil"] = new("null", null),
        ["list"] = new("[1, {\"a\": 2}]", null),
        ["back"] = new("""{"v":"\\"}""", null),
        ["bad"] = new("{", null),
        ["nul"] = new("\"a\\u0000b\"", null),
        ["half"] = new("\"\\ud83d\"", null),
        ["empty_text"] = new("\"\"", null),
    };

    static StepResult Rows(string row, params (string Name, string? Type)[] columns) => new(
        $$"""{"rows":[{{row}}],"row_count":1,"rows_affected":0}""",
        [.. columns.Select(column => new ResultColumn(column.Name, column.Type))]);

    static string Substitute(string sql) => SqlSubstitution.Substitute(sql, Names).Text;

    [Theory]
    [InlineData("SELECT $n", "SELECT ('5'::pg_catalog.int8) AS \"?column?\"")]
    [InlineData("SELECT $n.name", "SELECT 'O''Neil'")]
    [InlineData("1-$n.neg", "1-('-7'::pg_catalog.int4)")]
    [InlineData("$n.path", "E'a\\\\b'")]
    [InlineData("$n.tags[1]", "(E'{\"x\",\"a\\\\\"b\",NULL}'::pg_catalog.text[])[1]")]
    [InlineData("$n.doc ? 'a'", "('{\"a\":[1,\"x y\"]}'::pg_catalog.jsonb) ? 'a'")]
    [InlineData("$n.none?", "(NULL::pg_catalog.float8)")]
    [InlineData("$n.id?", "('5'::pg_catalog.int8)")]
    [InlineData("$nn::text", "('1.50'::pg_catalog.numeric)::text")]
    [InlineData("$empty?", "(NULL::pg_catalog.int8)")]
    [InlineData("$empty.x?", "NULL")]
    [InlineData("$empty.y?", "NULL")]
    [InlineData("$nn.y?", "NULL")]
    [InlineData("'$nn.y?'", "''")]
    [InlineData("$n.5, $n.", "('5'::pg_catalog.int8).5, ('5'::pg_catalog.int8).")]
    [InlineData("$n.id.b", "('5'::pg_catalog.int8).b")]
    [InlineData("$n.größe", "1")]
    [InlineData("'$n.größer'", null)]
    public void Substitute_Column_BecomesTypedLiteral(string sql, string? expected)
    {
        if (expected == null)
            Assert.Throws<SubstitutionException>(() => Substitute(sql));
        else
            Assert.Equal(expected, Substitute(sql));
    }

    [Theory]
    [InlineData("$input.id", "42")]
    [InlineData("1-$input.neg", "1-(-1.5)")]
    [InlineData("-$neg::text", "-(-5)::text")]
    [InlineData("$input.name", "'it''s'")]
    [InlineData("$input.uuid::uuid", "'0a'::uuid")]
    [InlineData("$input.big", "1e5")]
    [InlineData("$input.ok", "true")]
    [InlineData("$input.list", "('[1,2]'::pg_catalog.jsonb)")]
    [InlineData("$input.none?", "NULL")]
    [InlineData("$input.nosuch?", "NULL")]
    [InlineData("$input.größe?", "NULL")]
    [InlineData("'$input.nosuch?'", "''")]
    [InlineData("$nil.x?", "NULL")]
    [InlineData("$text::jsonb", "'abc'::jsonb")]
    [InlineData("$list->0", "('[1,{\"a\":2}]'::pg_catalog.jsonb)->0")]
    [InlineData("$nil?", "NULL")]
    [InlineData("$back.v", "E'\\\\'")]
    public void Substitute_Json_BecomesLiteralThatSqlInfers(string sql, string expected) => Assert.Equal(expected, Substitute(sql));

    [Theory]
    [InlineData("1$num", "1(5)")]
    [InlineData("1.$num", "1.(5)")]
    [InlineData("$num.5", "(5).5")]
    [InlineData("U&$text", "U&('abc')")]
    [InlineData("'a'$text", "'a'('abc')")]
    [InlineData("'a' -- c\n$text", "'a' -- c\n('abc')")]
    [InlineData("$text\n'b'", "('abc')\n'b'")]
    [InlineData("$text\n$text", "'abc'\n('abc')")]
    [InlineData("$input.ok[1]", "(true)[1]")]
    [InlineData("a=$num", "a=5")]
    public void Substitute_BareLiteralBesideOther_StaysApart(string sql, string expected) => Assert.Equal(expected, Substitute(sql));

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("SELECT $1, $unknown, $unknown.x?, $nx, $n_1")]
    [InlineData("SELECT foo$n, größe$n")]
    [InlineData("SELECT 1 -- $n\n/* $empty */")]
    [InlineData("SELECT $n$ body $n$, $empty$ $empty$")]
    [InlineData("SELECT b'$n', x'$n'")]
    [InlineData(@"SELECT E'\$n'")]
    public void Substitute_NoReference_StaysAsItIs(string sql) => Assert.Same(sql, Substitute(sql));

    [Theory]
    [InlineData("'id $n, $n.name!'", "'id 5, O''Neil!'")]
    [InlineData("'user$n'", "'user5'")]
    [InlineData("'$n.none?'", "''")]
    [InlineData("'$input.ok $list $n.doc'", "'true [1,{\"a\":2}] {\"a\":[1,\"x y\"]}'")]
    [InlineData("'$nn.*'", "'[{\"x\":\"1.50\"}]'")]
    [InlineData("E'\\n$n.path'", "E'\\na\\\\b'")]
    [InlineData("E'\\1$n'", "E'\\1\\x35'")]
    [InlineData("E'\\n$n'", "E'\\n5'")]
    [InlineData("N'$n.path'", "N'a\\b'")]
    [InlineData("'c:\\$n.path'", "E'c:\\\\a\\\\b'")]
    [InlineData("date'$back.v'", "date E'\\\\'")]
    [InlineData("'a'\n'$back.v'", "'a'\n'\\'")]
    [InlineData("E'a'\n'$back.v'", "E'a'\n'\\\\'")]
    [InlineData("\"t_$input.name\"", "\"t_it's\"")]
    [InlineData("'$unknown $5'", "'$unknown $5'")]
    public void Substitute_InQuotes_BecomesText(string sql, string expected) => Assert.Equal(expected, Substitute(sql));

    [Theory]
    [InlineData("DO $$ BEGIN x := $n; y := '$n'; END $$", "DO $$ BEGIN x := ('5'::pg_catalog.int8); y := '5'; END $$")]
    [InlineData("$f$ EXECUTE $$ $num $$ $f$", "$f$ EXECUTE $$ 5 $$ $f$")]
    [InlineData("$$ -- $n\n$$", "$$ -- $n\n$$")]
    public void Substitute_InDollarQuotes_IsSqlAgain(string sql, string expected) => Assert.Equal(expected, Substitute(sql));

    [Theory]
    [InlineData("a$$b", "$$ $x $$", "$df1$ 'a$$b' $df1$")]
    [InlineData("$df7$$a$", "$a$ $x $a$", "$df8$ '$df7$$a$' $df8$")]
    [InlineData("a$", "$$'$x$$", "$df1$'a$$df1$")]
    public void Substitute_ValueEndsDollarQuote_ChangesTheTag(string value, string sql, string expected) =>
        Assert.Equal(
            expected, SqlSubstitution.Substitute(sql, new Dictionary<string, StepResult> { ["x"] = new($"\"{value}\"", null) }).Text);

    [Theory]
    [InlineData("$x", "('1'::pg_catalog.int4)")]
    [InlineData("$x.j", "('null'::pg_catalog.jsonb)")]
    [InlineData("'$x.j'", "'null'")]
    [InlineData("$x.t", "('[0:1]={1,2}'::pg_catalog.int4[])")]
    [InlineData("'$x.t'", "'[1,2]'")]
    [InlineData("$x.f", "('NaN'::pg_catalog.float8)")]
    [InlineData("FROM $x.*", "FROM (VALUES "
        + "('1'::pg_catalog.int4,'2'::pg_catalog.int4,'null'::pg_catalog.jsonb,'[0:1]={1,2}'::pg_catalog.int4[],'NaN'::pg_catalog.float8), "
        + "('3'::pg_catalog.int4,'4'::pg_catalog.int4,NULL::pg_catalog.jsonb,'{\"1\"}'::pg_catalog.int4[],'1e-07'::pg_catalog.float8)) "
        + "AS \"x\"(\"n\",\"n\",\"j\",\"t\",\"f\")")]
    public void Substitute_ValuesThatJsonCantHold_AreWhatTheyWere(string sql, string expected)
    {
        static ExactTexts First(string text) => new(new Dictionary<int, string> { [0] = text });
        var result = new StepResult(
            """{"rows":[{"n":1,"n_2":2,"j":null,"t":[1,2],"f":"NaN"},{"n":3,"n_2":4,"j":null,"t":["1"],"f":1e-07}],"row_count":2"""
                + ""","rows_affected":0}""",
            [new("n", "pg_catalog.int4"), new("n", "pg_catalog.int4", "n_2"), new("j", "pg_catalog.jsonb", "j", First("null")),
                new("t", "pg_catalog.int4[]", "t", First("[0:1]={1,2}")), new("f", "pg_catalog.float8")]);
        Assert.Equal(expected, SqlSubstitution.Substitute(sql, new Dictionary<string, StepResult> { ["x"] = result }).Text);
    }

    [Fact]
    public void Substitute_Value_IsNotReadAgain() => Assert.Equal(
        "SELECT '$n', '$n'",
        SqlSubstitution.Substitute(
            "SELECT $v, '$v'",
            new Dictionary<string, StepResult> { ["v"] = new("\"$n\"", null), ["n"] = new("1", null) }).Text);

    [Theory]
    [InlineData("$empty", "$empty has no rows — query returned zero results")]
    [InlineData("$empty.x", "$empty has no rows — query returned zero results")]
    [InlineData("'$empty'", "$empty has no rows — query returned zero results")]
    [InlineData("$n.none", "$n.none is NULL")]
    [InlineData("$nil", "$nil is NULL")]
    [InlineData("$input.none", "$input.none is NULL")]
    [InlineData("$nn.y", "$nn.y: result has no field 'y' (available: x)")]
    [InlineData("'$nn.y'", "$nn.y: result has no field 'y' (available: x)")]
    [InlineData("$$ \"$nn.y\" $$", "$nn.y: result has no field 'y' (available: x)")]
    [InlineData("$text.y", "$text.y: result is neither a row set nor a JSON object")]
    [InlineData("$bad", "$bad: result is not valid JSON")]
    [InlineData("$bad.x", "$bad.x: result is not valid JSON")]
    [InlineData("$input.*", "$input.* — invalid result format")]
    [InlineData("U&'$n'", "$n can't be used inside U&'…' or U&\"…\"")]
    [InlineData("\"$empty_text\"", "\"$empty_text\" is an empty name after substitution")]
    [InlineData("$nul", "$nul contains the character \\u0000, which PostgreSQL can't store in text")]
    [InlineData("'$half'", "$half is not valid Unicode, which PostgreSQL can't store in text")]
    public void Substitute_Impossible_SaysWhatToDo(string sql, string message)
    {
        var exception = Assert.Throws<SubstitutionException>(() => Substitute(sql));
        Assert.Equal(message, exception.Message);
        Assert.NotEmpty(exception.Hint);
    }

    [Fact]
    public void Substitute_NullInFirstColumn_SaysSo()
    {
        var names = new Dictionary<string, StepResult> { ["n"] = Rows("""{"a":null}""", ("a", "pg_catalog.int4")) };
        var exception = Assert.Throws<SubstitutionException>(() => SqlSubstitution.Substitute("$n", names));
        Assert.Equal("$n is NULL — first column of first row is NULL", exception.Message);
    }

    [Fact]
    public void Substitute_MemberWithHalfACharacter_FailsTheStepAndNotTheEngine()
    {
        var names = new Dictionary<string, StepResult> { ["n"] = new("""{"\ud83d":1,"a":2}""", null) };
        Assert.Throws<SubstitutionException>(() => SqlSubstitution.Substitute("$n.a", names));
        Assert.Throws<SubstitutionException>(() => SqlSubstitution.Substitute("$n.b", names));
    }

    [Fact]
    public void Substitute_DeepJson_IsCopied()
    {
        var json = new string('[', 10_000) + new string(']', 10_000);
        var names = new Dictionary<string, StepResult> { ["n"] = new(json, null) };
        Assert.Equal($"('{json}'::pg_catalog.jsonb)", SqlSubstitution.Substitute("$n", names).Text);
    }

    [Fact]
    public void Substitute_DeeplyNestedDollarQuotes_FailsInsteadOfOverflowing()
    {
        var sql = string.Concat(Enumerable.Range(0, 5000).Select(level => $"$t{level}$ ")) + "$n";
        Assert.Throws<SubstitutionException>(() => Substitute(sql));
    }
}
