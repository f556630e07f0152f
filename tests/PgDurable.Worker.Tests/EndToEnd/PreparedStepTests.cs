namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>A step that comes again and again is prepared, and nobody notices but the server's processor.</summary>
public sealed class PreparedStepTests(PreparedStepTests.OneConnection fixture) : IClassFixture<PreparedStepTests.OneConnection>
{
    // More than it takes to be prepared, and then to be given a plan for all values.
    const int Often = 14;

    // Makes a statement one that is run with literals and never prepared.
    const string Literally = "/* today */";

    const string Input = """{"s":"it's","n":2,"big":5000000000,"d":1.5,"day":"2026-02-28","ok":true,"none":null,"list":[3,1]"""
        + ""","pg":"{3,1}","doc":{"a":[1,"x"]},"neg":-4}""";

    [Theory]
    [InlineData(true, "SELECT 1 AS a, 'x' AS b, NULL AS c")]
    [InlineData(true, "SELECT $input.s AS s, $input.n AS n, $input.big AS big, $input.d AS d, $input.ok AS ok, $input.neg AS neg")]
    [InlineData(true, "SELECT pg_typeof($input.n)::text AS n, pg_typeof($input.big)::text AS big, pg_typeof($input.d)::text AS d, "
        + "pg_typeof($input.ok)::text AS ok, pg_typeof($input.doc)::text AS doc")]
    [InlineData(true, "SELECT $input.none? AS a, $input.none? IS NULL AS b, coalesce($input.none?, 'x') AS c")]
    [InlineData(true, "SELECT $input.doc -> 'a' AS a, $input.doc ->> 'a' AS t, $input.doc ? 'a' AS has, $input.list AS list")]
    [InlineData(true, "SELECT $input.n+1 AS a, 10-$input.neg AS b, $input.n*$input.d AS c, $input.n/3 AS d")]
    [InlineData(true, "SELECT $input.s || $input.s AS a, $input.s || '!' AS b, length($input.s) AS l, upper($input.s) AS u")]
    [InlineData(true, "SELECT $input.day::date + 1 AS next, $input.day < '2026-03-01' AS text, $input.day::date < '2026-03-01' AS date")]
    [InlineData(true, "SELECT x FROM generate_series(1, 9) x WHERE x IN ($input.n, $input.n + 2) OR x = ANY ($input.pg::int[])")]
    [InlineData(true, "SELECT x FROM unnest(ARRAY[date '2026-02-28', '2026-03-01']) x WHERE x = $input.day")]
    [InlineData(true, "SELECT n FROM (VALUES (1), (2), (3)) v (n) LIMIT $input.n")]
    [InlineData(true, "SELECT CASE WHEN $input.ok THEN $input.s ELSE 'no' END AS a UNION ALL SELECT $input.day")]
    [InlineData(true, "SELECT $row.i AS i, $row.v AS v, $row.dt AS dt, $row.ts AS ts, $row.num AS num, $row.arr AS arr, $row.j AS j, "
        + "$row.b AS b, $row.e? AS e, $row.r AS r, $row.iv AS iv")]
    [InlineData(true, "SELECT pg_typeof($row.i)::text AS i, pg_typeof($row.ts)::text AS ts, pg_typeof($row.arr)::text AS arr, "
        + "$row.arr[2] AS second")]
    [InlineData(true, "INSERT INTO _S_.t (a, d, v) VALUES ($input.n, $input.day, $input.s) RETURNING a, d, v")]
    [InlineData(true, "UPDATE _S_.t SET v = $input.s WHERE a = $input.neg")]
    [InlineData(true, "DELETE FROM _S_.t WHERE d = $row.dt AND a < $input.neg")]
    [InlineData(true, "WITH x AS (SELECT $input.s AS s) SELECT s, $row.i AS i FROM x")]
    [InlineData(true, "SELECT now() IS NOT NULL AS then, current_date - current_date AS zero")]
    [InlineData(true, "SELECT jsonb_build_object('a', $input.s, 'b', $row.v) AS j, json_build_array($input.s) AS l, to_jsonb($row.v) AS v")]
    [InlineData(true, "SELECT repeat('*', $row.big) AS r, round($row.f, 2) AS f, date '2026-02-28' + $row.big AS d")]
    [InlineData(true, "INSERT INTO _S_.t (a, d, v) VALUES ($row.i, $row.day, 'x') RETURNING a, d")]
    // Only a literal may stand there, or means something else.
    [InlineData(false, "INSERT INTO _S_.t (a, d) VALUES ($row.text, '2026-02-28') RETURNING a")]
    [InlineData(false, "SELECT date $input.day AS d, timestamp $input.day AS t")]
    [InlineData(false, "SELECT a, b FROM (VALUES (1, 'z'), (2, 'a')) v (a, b) ORDER BY $input.n")]
    [InlineData(false, "SELECT DISTINCT ON ($input.n) a, b FROM (VALUES (1, 'z'), (2, 'a')) v (a, b)")]
    [InlineData(false, "SELECT $row.v || x AS y FROM generate_series(1, 2) x GROUP BY $row.v || x ORDER BY 1")]
    [InlineData(false, "SELECT '$input.s' AS s, 'n is $input.n' AS n")]
    [InlineData(false, "SELECT * FROM $row.*")]
    [InlineData(false, "SELECT * FROM \"$input.table?\"")]
    [InlineData(false, "SELECT 'to' || 'day' AS a, 'Today'::date = current_date AS b, 'now'::timestamptz <= clock_timestamp() AS c")]
    [InlineData(false, "SELECT 'pg_catalog'::regnamespace AS n")]
    [InlineData(false, "DO $$ BEGIN PERFORM $input.n; END $$")]
    public async Task Statement_AgainAndAgain_MeansWhatItSays(bool isPrepared, string sql)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a smallint, d date, v varchar(4)); CREATE TABLE {user.Schema}.two (x int)");
        var mark = $"/* {user.Schema} */";
        sql = sql.Replace("_S_", user.Schema, StringComparison.Ordinal).Replace("$input.table?", "$input.s", StringComparison.Ordinal);
        if (sql.Contains("\"$input.s\"", StringComparison.Ordinal))
            await user.ExecuteAsync($"CREATE TABLE {user.Schema}.\"it's\" (y int); ALTER ROLE {user.Role} SET search_path = {user.Schema}");

        var expected = await RunAsync(user, sql + Literally);
        for (var i = 0; i < Often; i++)
            Assert.Equal(expected, await RunAsync(user, sql + mark));

        Assert.Equal(isPrepared, (await fixture.Cluster.LogAsync()).Split('\n')
            .Any(line => line.Contains("execute _p", StringComparison.Ordinal) && line.Contains(mark, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("SELECT $input.s::int AS n")]
    [InlineData("SELECT x FROM generate_series(1, 2) x WHERE x = $input.s")]
    [InlineData("SELECT $input.n / 0 AS n")]
    [InlineData("SELECT * FROM missing WHERE a = $input.s")]
    [InlineData("SELECT missing($input.s, $input.n)")]
    [InlineData("INSERT INTO _S_.t (v) VALUES ($input.day)")]
    [InlineData("SELECT $input.n AS n WHERE")]
    public async Task Statement_ThatFails_FailsAsWithLiterals(string sql)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (v varchar(4))");
        sql = sql.Replace("_S_", user.Schema, StringComparison.Ordinal);

        var expected = await user.FailAsync(Graphs.Sql($"{sql} {Literally}"), Input);
        for (var i = 0; i < 2; i++)
        {
            var error = await user.FailAsync(Graphs.Sql($"{sql} {new string(' ', Literally.Length)}"), Input);
            foreach (var member in (string[])["message", "sqlstate", "sql"])
                Assert.Equal(expected.GetProperty(member).GetString()!.Replace(Literally, "", StringComparison.Ordinal).Trim(),
                    error.GetProperty(member).GetString()!.Trim());
            Assert.Equal(1, error.GetProperty("attempt").GetInt32());
        }
    }

    [Fact]
    public async Task Table_Changed_IsSeenAtOnce()
    {
        await using var user = await fixture.UserAsync();
        var t = $"{user.Schema}.t";
        await user.ExecuteAsync($"CREATE TABLE {t} AS SELECT 1 AS a");
        foreach (var (change, row) in new (string, string)[]
                 {
                     ("SELECT 1", """{"a": 1}"""),
                     ($"ALTER TABLE {t} ADD b int", """{"a": 1, "b": null}"""),
                     ($"ALTER TABLE {t} ALTER a TYPE text", """{"a": "1", "b": null}"""),
                     ($"DROP TABLE {t}; CREATE VIEW {t} AS SELECT 7 AS z", """{"z": 7}"""),
                 })
        {
            await user.ExecuteAsync(change);
            for (var i = 0; i < Often; i++)
                Assert.Equal(row, (await user.RunAsync($"SELECT * FROM {t}")).GetRawText());
        }
    }

    [Fact]
    public async Task Plan_OfAnotherRole_IsNotUsed()
    {
        // An immutable function of constants is computed when the plan is made, with the rights of whoever makes it.
        await using var owner = await fixture.UserAsync();
        await using var other = await fixture.UserAsync();
        await owner.ExecuteAsync(
            $"""
             CREATE FUNCTION {owner.Schema}.f(int) RETURNS text IMMUTABLE LANGUAGE sql RETURN 'secret';
             REVOKE ALL ON FUNCTION {owner.Schema}.f FROM PUBLIC; GRANT USAGE ON SCHEMA {owner.Schema} TO PUBLIC
             """);
        var sql = $"SELECT {owner.Schema}.f(1) AS f";
        for (var i = 0; i < Often; i++)
            Assert.Equal("secret", (await owner.RunAsync(sql)).GetProperty("f").GetString());

        Assert.Equal("42501", (await other.FailAsync(sql)).GetProperty("sqlstate").GetString());
    }

    [Theory]
    [InlineData("SELECT statement FROM pg_prepared_statements")]
    [InlineData("SELECT pg_prepared_statement()")]
    [InlineData("DO $x$ DECLARE s text; BEGIN EXECUTE 'SELECT statement FROM pg_prepared_statements LIMIT 1' INTO s; END $x$")]
    public async Task Statements_OfTheSession_AreNotShown(string sql)
    {
        await using var user = await fixture.UserAsync();
        var error = await user.FailAsync(sql);
        Assert.Equal("pg_prepared_statements is not available in a workflow step", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Log_OfAllStatements_HasNoSecret()
    {
        await using var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {user.Role} SET log_parameter_max_length = -1");
        await user.RunAsync("SELECT 1 AS n");
        var log = await fixture.Cluster.LogAsync();
        Assert.Contains("df._commit_step($1", log);
        Assert.DoesNotMatch(@"\\x[0-9a-f]{64}", log);
    }

    [Fact]
    public async Task MoreStatements_ThanAreKept_AllRun()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int)");
        for (var round = 0; round < 2; round++)
        {
            await user.ExecuteAsync(
                $$"""
                  SELECT df.start('SELECT r FROM generate_series(1, 6) r' |=> 'rows'
                      ~> df.foreach('rows', 'INSERT INTO {{user.Schema}}.t SELECT ' || n || ' WHERE $item.r > 0', max_parallel => 1))
                    FROM generate_series(1, 80) n
                  """);
            await Poll.UntilAsync("all have run", async () =>
                await user.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM df.instances WHERE status IN ('pending', 'running'))"));
        }
        Assert.Equal("80 12 12", await user.ScalarAsync<string>(
            $"SELECT concat_ws(' ', count(*), min(c), max(c)) FROM (SELECT count(*) AS c FROM {user.Schema}.t GROUP BY n) x"));
    }

    static async Task<string> RunAsync(TestUser user, string sql)
    {
        var id = await user.StartAsync(
            Graphs.Sequence(
                ("row",
                    """
                    SELECT 7::smallint AS i, 'ü'::varchar AS v, '2026-02-28'::date AS dt, '2026-02-28 12:00:00.5'::timestamptz AS ts,
                           1.50 AS num, '{a,"b c"}'::text[] AS arr,
                           '{"k":1}'::jsonb AS j, '\x00ff'::bytea AS b, NULL::int AS e,
                           '[1,3)'::int4range AS r, '1 day 2 hours'::interval AS iv,
                           3::int8 AS big, 2.345::float8 AS f, '5'::text AS text, '2026-02-28'::text AS day
                    """),
                (null, sql)), Input);
        return (await user.ResultAsync(id)).GetRawText();
    }

    /// <summary>A server whose worker runs all steps on one connection, and that logs how each statement was executed.</summary>
    public sealed class OneConnection : IAsyncLifetime
    {
        public PgCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Cluster = await Clusters.WithExtensionAsync(
                worker: true, ("pg_durable.max_user_connections", "1"), ("log_min_duration_statement", "0"));

        public Task<TestUser> UserAsync() => TestUser.CreateAsync(Cluster);

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
