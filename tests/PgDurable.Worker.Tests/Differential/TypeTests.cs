namespace PgDurable.Worker.Tests.Differential;

/// <summary>Types of the roles' own are what they are now, whatever they were when the worker started, or a moment ago.</summary>
[Collection(OneConnection.Name)]
public sealed class TypeTests(OneConnection fixture)
{
    [Fact]
    public async Task Type_MadeWhileTheWorkerRuns_IsKnown()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("CREATE TYPE size AS ENUM ('small', 'medium', 'large'); CREATE TYPE pair AS (x int, y size)");

        var row = await user.RunGraphAsync(
            "('SELECT ''small''::size AS s, ARRAY[''small'', NULL]::size[] AS a, (1, ''large'')::pair AS p' |=> 'a') "
                + "~> 'SELECT $a.s < ''large'' AS less, $a.a[1] AS first, ($a.p).y AS y, pg_typeof($a.a)::text AS type'");

        Assert.Equal("""{"y": "large", "less": true, "type": "size[]", "first": "small"}""", row.GetRawText());
    }

    [Fact]
    public async Task Type_ThatWasRenamed_HasItsNewName()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("CREATE TYPE size AS ENUM ('small', 'large'); CREATE TABLE t (s size); INSERT INTO t VALUES ('small')");
        foreach (var name in (string[])["size", "measure", "Odd \"name\".x[]"])
        {
            if (name != "size")
                await user.ExecuteAsync($"ALTER TYPE {(name == "measure" ? "size" : "measure")} RENAME TO {TestUser.Quote(name)}");
            var row = await user.RunGraphAsync("('SELECT s, ARRAY[s] AS a FROM t' |=> 'a') "
                + "~> 'SELECT pg_typeof($a.s)::oid = pg_typeof(s)::oid AS s, pg_typeof($a.a) = pg_typeof(ARRAY[s]) AS a, "
                + "$a.s < ''large'' AS less FROM t'");
            Assert.Equal("""{"a": true, "s": true, "less": true}""", row.GetRawText());
        }
    }

    [Fact]
    public async Task Type_WhoseSchemaIsClosed_IsText()
    {
        await using var owner = await fixture.UserAsync();
        await using var user = await fixture.UserAsync();
        await owner.ExecuteAsync("CREATE TYPE size AS ENUM ('small', 'large'); CREATE TABLE t (s size, a size[]); "
            + "INSERT INTO t VALUES ('small', '{small,NULL}')");
        await fixture.Cluster.ExecuteAsync(
            $"CREATE VIEW public.v_{user.Schema} AS SELECT * FROM {owner.Schema}.t; GRANT SELECT ON public.v_{user.Schema} TO {user.Role}");

        // The role can't name the type, but has its values.
        var row = await user.RunGraphAsync(
            $"('SELECT s, a FROM public.v_{user.Schema}' |=> 'a') ~> 'SELECT $a.s AS s, $a.a AS a, $a.s = v.s AS same, $a.a = v.a AS too, "
                + $"(SELECT s FROM $a.*) AS rows FROM public.v_{user.Schema} v'");

        Assert.Equal("""{"a": "{small,NULL}", "s": "small", "too": true, "rows": "small", "same": true}""", row.GetRawText());
    }

    [Fact]
    public async Task Type_OfTheStepAlone_IsText()
    {
        await using var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync("GRANT TEMPORARY ON DATABASE postgres TO PUBLIC");
        await user.ExecuteAsync("CREATE FUNCTION make() RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN "
            + "CREATE TEMPORARY TABLE tmp (a int); INSERT INTO tmp VALUES (1); RETURN QUERY SELECT t::text FROM tmp t; END $$");

        var row = await user.RunGraphAsync(
            "('SELECT r, ROW(1, ''a'') AS anonymous FROM make() AS m (r text)' |=> 'a') ~> 'SELECT $a.r AS r, $a.anonymous AS a'");

        Assert.Equal("""{"a": "(1,a)", "r": "(1)"}""", row.GetRawText());
    }

    [Fact]
    public async Task Values_ThatJsonLacks_OutliveLoopsAndWaits()
    {
        await using var user = await fixture.UserAsync();
        const string values = "''null''::jsonb AS j, ''NaN''::float8 AS f, ''[0:1]={1,2}''::int[] AS a, "
            + "''0044-03-15 12:00:00 BC''::timestamp AS t, 2.98023223876953125e-8::float8 AS b, 1 AS b";
        var named = values
            .Replace("1 AS b", "1 AS b2", StringComparison.Ordinal)
            .Replace("::float8 AS b,", "::float8 AS b1,", StringComparison.Ordinal);
        var id = await user.StartGraphAsync(
            $"""
             ('SELECT 2 AS n' |=> 'n') ~> ('SELECT {values}' |=> 'x')
               ~> df.loop(
                    df.seq('SELECT $n - 1 AS n' |=> 'n',
                        'SELECT $x.j AS j, $x.f AS f, $x.a AS a, $x.t AS t, $x.b AS b, 1 AS b' |=> 'x'),
                    'SELECT $n > 0')
               ~> df.wait_for_signal('go')
               ~> 'SELECT record_image_eq(ROW($x.j, $x.f, $x.a, $x.t, $x.b), ROW(v.j, v.f, v.a, v.t, v.b1)) AS same,
                            (SELECT record_image_eq(x, v) FROM $x.*) AS rows
                     FROM (SELECT {named}) v'
             """);
        await user.WaitingAsync(id, "SIGNAL");
        await user.ExecuteAsync("SELECT df.signal($1, 'go')", id);

        Assert.Equal("""[{"rows": true, "same": true}]""", (await user.ResultAsync(id)).GetProperty("rows").GetRawText());
    }

    [Theory]
    [InlineData("df.if('SELECT true, false', 'SELECT ''then'' AS v', 'SELECT ''else'' AS v')", "then")]
    [InlineData("df.if('SELECT ''null''::jsonb', 'SELECT ''then'' AS v', 'SELECT ''else'' AS v')", "else")]
    [InlineData("df.if('SELECT ''NaN''::float8', 'SELECT ''then'' AS v', 'SELECT ''else'' AS v')", "then")]
    [InlineData("df.if('SELECT 1e-400::numeric', 'SELECT ''then'' AS v', 'SELECT ''else'' AS v')", "then")]
    [InlineData("('SELECT 10, 20' |=> 'a') ~> 'SELECT $a::text AS v'", "10")]
    [InlineData("('SELECT 1 AS x, 2 AS x, 3 AS x_2' |=> 'a') ~> 'SELECT a::text AS v FROM $a.*'", "(1,2,3)")]
    [InlineData("('SELECT ''null''::jsonb AS j' |=> 'a') ~> 'SELECT $a.j::text AS v'", "null")]
    [InlineData("'SELECT coalesce($input.nosuch?, ''NULL'') AS v'", "NULL")]
    [InlineData("'SELECT coalesce($input.größe?, ''NULL'') AS v'", "NULL")]
    [InlineData("'SELECT ''$input.nosuch?'' || ''|'' AS v'", "|")]
    [InlineData("df.wait_for_signal('go', 1) |=> 's' ~> 'SELECT coalesce($s.nosuch?, ''NULL'') AS v'", "NULL")]
    public async Task Result_OfAGraph_IsWhatPostgreSqlSays(string graph, string expected)
    {
        await using var user = await fixture.UserAsync();
        var id = await user.ScalarAsync<string>($$"""SELECT df.start_graph({{graph}}, input => '{"a": 1}')""");
        Assert.Equal(expected, (await user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("v").GetString());
    }
}
