using System.Globalization;
using Npgsql;

namespace PgDurable.Worker.Tests.BadInput;

/// <summary>Graphs and steps that can't work: they fail and say why, and nothing else suffers.</summary>
[Collection(WorkerCollection.Name)]
public sealed class BadGraphTests(WorkerFixture fixture)
{
    [Theory]
    [InlineData("{\"node_type\":\"SQL\"}")]
    [InlineData("{\"node_type\":\"SQL\",\"query\":7}")]
    [InlineData("{\"node_type\":\"THEN\",\"left_node\":{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}}")]
    [InlineData("{\"node_type\":\"THEN\",\"left_node\":[],\"right_node\":[]}")]
    [InlineData("{\"node_type\":\"LOOPP\",\"query\":\"SELECT 1\"}")]
    [InlineData("{\"node_type\":\"SQL\",\"query\":\"SELECT 1\",\"result_name\":\"input\"}")]
    [InlineData("{\"node_type\":\"SQL\",\"query\":\"SELECT 1\",\"result_name\":\"no good\"}")]
    [InlineData("OK")]
    public async Task Start_MalformedGraph_IsRefused(string graph)
    {
        await using var user = await fixture.UserAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => user.StartAsync(graph));
        Assert.Equal("DF003", error.SqlState);
        Assert.Equal(0L, await user.ScalarAsync<long>("SELECT (SELECT count(*) FROM df.submissions) + (SELECT count(*) FROM df.graphs)"));
    }

    [Theory]
    [InlineData("SELEC 1", "42601")]
    [InlineData("SELECT * FROM nowhere", "42P01")]
    [InlineData("SELECT 1; SELECT 2", "42601")]
    [InlineData("SELECT 1; COMMIT", "42601")]
    [InlineData("SELECT 'unterminated", "42601")]
    [InlineData("SELECT $$unterminated", "42601")]
    [InlineData("SELECT $1", "42601")]
    [InlineData("CREATE DATABASE evil", "42501")]
    [InlineData("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'DF001', MESSAGE = 'not yours'; END $$", "DF001")]
    [InlineData("SELECT pg_terminate_backend(pg_backend_pid())", "42501")]
    public async Task Step_WrongSql_FailsWithItsSqlState(string sql, string sqlState)
    {
        await using var user = await fixture.UserAsync();
        var error = await user.FailAsync(sql);
        Assert.True(error.GetProperty("sqlstate").GetString() == sqlState, error.ToString());
        Assert.Equal(sql, error.GetProperty("sql").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("-- nothing here")]
    [InlineData("/* nor here */ ;")]
    [InlineData("SELECT 1;")]
    [InlineData("SELECT 1 -- with an end")]
    [InlineData("SELECT")]
    public async Task Step_EmptyOrNearlySo_Completes(string sql)
    {
        await using var user = await fixture.UserAsync();
        await user.RunToEndAsync(Graphs.Sequence(sql, "SELECT 1"));
    }

    [Fact]
    public async Task Step_ResultOf20Megabytes_FailsAndLeavesNothing()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (v text)");
        var pid = await fixture.Cluster.WorkerPidAsync();
        await user.RunAsync("SELECT 1");

        foreach (var sql in (string[])
                 [
                     "SELECT repeat('x', 20000000) AS v", "SELECT repeat('x', 20000) AS v FROM generate_series(1, 1000)",
                     $"INSERT INTO {user.Schema}.t SELECT repeat('x', 20000) FROM generate_series(1, 1000) RETURNING v",
                     "SELECT n FROM generate_series(1, 3000000) n",
                 ])
        {
            var error = await user.FailAsync(sql);
            Assert.Contains("pg_durable.max_result_bytes", error.GetProperty("message").GetString());
            Assert.Equal("54000", error.GetProperty("sqlstate").GetString());
        }

        Assert.Equal(0L, await user.CountAsync("t"));
        Assert.Equal(pid, fixture.Cluster.WorkerPid);
        var kilobytes = int.Parse(Processes.Status(pid, "VmRSS")!.Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(kilobytes < 400_000, $"the worker has {kilobytes} kB");
        await user.RunAsync("SELECT repeat('x', 1000000) AS v");
    }

    [Fact]
    public async Task Result_OfEveryType_HasAForm()
    {
        await using var user = await fixture.UserAsync();
        var s = user.Schema;
        await user.ExecuteAsync(
            $"""
             CREATE TYPE {s}.mood AS ENUM ('it''s ok', 'ü');
             CREATE TYPE {s}.pair AS (a int, "B b" text[]); CREATE DOMAIN {s}.small AS int CHECK (VALUE < 10);
             CREATE DOMAIN {s}.names AS text[]; CREATE TYPE {s}.span AS RANGE (subtype = float8)
             """);
        await user.RunToEndAsync(Graphs.Sequence(
            ("weird",
                $$$"""
                  SELECT 'ü'::{{{s}}}.mood AS e, ARRAY['ü']::{{{s}}}.mood[] AS es, ROW(1, ARRAY['x,y', NULL, '"'])::{{{s}}}.pair AS c,
                         ARRAY[ROW(1, NULL)::{{{s}}}.pair] AS cs, 3::{{{s}}}.small AS d, '{a,b}'::{{{s}}}.names AS ds,
                         '[1,2)'::{{{s}}}.span AS r, '{[1,2),[3,4)}'::int4multirange AS m, '\x00ff'::bytea AS b, 'NaN'::numeric AS nan,
                         'Infinity'::float8 AS inf, '-infinity'::timestamptz AS never, '4713-01-01 BC'::date AS bc,
                         '294276-12-31'::timestamp AS far, '24:00'::time AS midnight, '12:00+15:59'::timetz AS tz,
                         'P1Y-2M3DT-4H'::interval AS i, '12.34'::money AS mo, '<a>ü</a>'::xml AS x, B'101' AS bits, 'a b'::tsvector AS ts,
                         '(1,2)'::point AS p, '((1,2),(3,4))'::box AS box, ARRAY['((1,2),(3,4))'::box, '((5,6),(7,8))'] AS boxes,
                         '::1/128'::inet AS ip, '[0:1]={1,2}'::int[] AS bounds, '{}'::int[] AS none, '{{1,2},{3,4}}'::int[] AS matrix,
                         'pg_class'::regclass AS rc, 'x'::"char" AS ch, 'n'::name AS n, 4294967295::oid AS o, '0/16B3748'::pg_lsn AS lsn,
                         99999999999999999999.5::numeric AS big, 9223372036854775807 AS i8, ROW(1, 'x') AS anonymous,
                         '{"a": 1, "a": 2}'::json AS j, ARRAY['{"x":[1]}'::jsonb] AS js, '$.a[*]'::jsonpath AS jp, NULL AS nothing,
                         pg_sleep(0) AS void, (SELECT x FROM pg_class x LIMIT 1) AS "row",
                         'same' AS twice, 'other' AS twice, 1 AS "quote"" 'and' $x ü"
                  """),
            (null, "SELECT $weird.e AS e, $weird.c AS c, $weird.b AS b, $weird.never AS never, $weird.big AS big, $weird.bounds AS bounds, "
                + "$weird.j AS j, $weird.i AS i FROM $weird.*")));
    }

    [Fact]
    public async Task Result_JsonThatIsNoJsonb_CanBeReadAllTheSame()
    {
        await using var user = await fixture.UserAsync();
        foreach (var json in (string[])["{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "[1e400]", "1e999999"])
        {
            var id = await user.StartAsync($"SELECT '{json}'::json AS j");
            await user.EndAsync(id);
            await user.ScalarAsync<object>("SELECT df.result($1)", id);
            await user.ScalarAsync<long>("SELECT count(output) FROM df.list_instances()");
        }
    }

    [Theory]
    [InlineData("SELECT (repeat('[', 1000) || repeat(']', 1000))::json AS j")]
    [InlineData("SELECT '\"\\ud800\"'::json AS j")]
    public async Task Result_JsonThatIsHardToRead_CanBeReferredToOrFailsTheStep(string sql)
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartAsync(Graphs.Sequence(("j", sql), ("use", "SELECT length($j::text) AS n")));
        if (await user.EndAsync(id) == "failed")
            Assert.DoesNotContain("bug in pg_durable", await user.ScalarAsync<string>("SELECT df.error($1)", id));
    }
}
