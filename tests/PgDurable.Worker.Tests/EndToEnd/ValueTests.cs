using System.Text.Json;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Values travel through inputs, results and references, and arrive as they were.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ValueTests(WorkerFixture fixture)
{
    public static TheoryData<string> Hostile => new(
        "it's", "''", "\"quoted\"", "back\\slash", "\\", "\\'; DROP TABLE x; --", "$$", "$tag$ body $tag$", "$v", "$input.v",
        "$$; SELECT 1; $$", "{v}", "%s", ":v @v $1 ?", "--", "/* */", "a\nb\r\n\tc", "\u0001\u007f\u0085\u2028", "ünïcode 漢字", "🐘 👩‍👩‍👧",
        "e\u0301", "null", "", " ", "{\"a\":\"b\"}", "E'x'",
        "<script>&amp;</script>");

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Value_Hostile_ArrivesAsItWas(string value)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (place text, v text)");
        var t = $"{user.Schema}.t";

        var row = await user.RunAsync(
            Graphs.Sequence(
                ("first", "SELECT $input.v AS v, 1 AS n"),
                (null, $"INSERT INTO {t} VALUES ('plain', $first.v), ('input', $input.v), ('quoted', '$first.v'), ('escape', E'$first.v')"),
                (null, $"DO $x$ BEGIN INSERT INTO {t} VALUES ('dollar', $first.v); END $x$"),
                (null, $"INSERT INTO {t} SELECT 'rows', v FROM $first.*"),
                (null, $"INSERT INTO {t} VALUES ('bare', $first)"),
                (null, $"SELECT count(*) AS n, array_agg(v) AS v, $first.v AS last FROM {t}")),
            Input(value));

        Assert.Equal(7, row.GetProperty("n").GetInt32());
        Assert.All(row.GetProperty("v").EnumerateArray(), v => Assert.Equal(value, v.GetString()));
        Assert.Equal(value, row.GetProperty("last").GetString());
        Assert.Equal(0L, await fixture.Cluster.ScalarAsync<long>($"SELECT count(*) FROM {t} WHERE v <> {TestUser.Literal(value)}"));
    }

    [Fact]
    public async Task Value_OfAMegabyte_ArrivesAsItWas()
    {
        await using var user = await fixture.UserAsync();
        var value = string.Concat(Enumerable.Repeat("0123456789 'ü\\🐘$$\" ", 50_000));

        var row = await user.RunAsync(
            Graphs.Sequence(("a", "SELECT $input.v AS v"), ("b", "SELECT '$a.v' AS v"), (null, "SELECT $b.v AS v, $input.v AS i")),
            Input(value));

        Assert.Equal(value, row.GetProperty("v").GetString());
        Assert.Equal(value, row.GetProperty("i").GetString());
    }

    [Fact]
    public async Task Reference_EveryForm_IsReplaced()
    {
        await using var user = await fixture.UserAsync();

        var row = await user.RunAsync(
            Graphs.Sequence(
                ("one", "SELECT 42 AS answer, 'x' AS letter, NULL::date AS nothing"),
                ("many", "SELECT n, 'row ' || n AS t FROM generate_series(1, 3) n"),
                ("none", "SELECT 1 AS n, 'a' AS t WHERE false"),
                (null,
                    """
                    SELECT $one AS bare, $one.letter AS field, $one.nothing? AS nothing, $none.n? AS no_row,
                           (SELECT count(*) FROM $none.*) AS none,
                           (SELECT sum(n) FROM $many.*) AS total, (SELECT string_agg(t, ',' ORDER BY n DESC) FROM $many.*) AS texts,
                           'in $one.answer text' AS text,
                           $input.deep AS deep, $input.number + 1 AS number, pg_typeof($one.answer)::text AS type, '$unknown' AS unknown
                    """)),
            """{"deep":{"a":[1,{"b":"c"}]},"number":-5}""");

        var expected = JsonElement.Parse(
            """
            {"bare":42,"field":"x","nothing":null,"no_row":null,"none":0,"total":6,"texts":"row 3,row 2,row 1","text":"in 42 text",
             "deep":{"a":[1,{"b":"c"}]},"number":-4,"type":"integer","unknown":"$unknown"}
            """);
        Assert.True(JsonElement.DeepEquals(expected, row), row.ToString());
    }

    [Theory]
    [InlineData("SELECT $one.typo", "typo")]
    [InlineData("SELECT $none.n", "none")]
    [InlineData("SELECT '$input.typo'", "typo")]
    public async Task Reference_ToNothing_FailsAndSaysWhich(string sql, string named)
    {
        await using var user = await fixture.UserAsync();

        var error = await user.FailAsync(
            Graphs.Sequence(("one", "SELECT 1 AS n"), ("none", "SELECT 1 AS n WHERE false"), ("bad", sql)), """{"a":1}""");

        Assert.Contains(named, error.GetProperty("message").GetString());
        Assert.Equal("bad", error.GetProperty("step").GetString());
        Assert.Equal(JsonValueKind.String, error.GetProperty("hint").ValueKind);
    }

    static string Input(string value) => $$"""{"v":{{Graphs.Text(value)}}}""";
}
