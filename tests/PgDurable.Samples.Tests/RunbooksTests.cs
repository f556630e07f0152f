namespace PgDurable.Samples.Tests;

/// <summary>samples/Runbooks do what their headers say, on a real server, as a role that is no superuser.</summary>
public sealed class RunbooksTests(RunbooksServer server) : IClassFixture<RunbooksServer>
{
    [Fact]
    public async Task Bloat_ApprovedAndKilledInTheMiddle_IsGoneAndNothingIsLeftBehind()
    {
        await server.ExecuteAsync(
            """
            CREATE TABLE bloated (id int PRIMARY KEY, note text);
            INSERT INTO bloated SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i;
            DELETE FROM bloated WHERE id % 10 > 0
            """);
        await OldRows.AreInvisibleAsync(server.Cluster);
        await server.Cluster.ExecuteAsync("VACUUM bloated");
        await server.ExecuteAsync("UPDATE bloated SET note = repeat('y', 2000)");
        await OldRows.AreInvisibleAsync(server.Cluster);
        await server.RunAsync("bloat.sql", "min_mb=0.3", "leaf_percent=50", "dead_percent=5");

        var denied = await server.StartAsync("bloat");
        await AnswerAsync(denied, "false");
        Assert.Contains("not approved", await server.EndAsync(denied));
        var before = await server.ScalarAsync<long>("SELECT pg_relation_size('bloated_pkey')");

        var run = await server.StartAsync("bloat");
        // REINDEX CONCURRENTLY waits for this transaction.
        await using (var busy = await server.Cluster.ConnectAsync())
        {
            await using var transaction = await busy.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("LOCK bloated IN ROW EXCLUSIVE MODE", busy, transaction))
                await command.ExecuteNonQueryAsync();
            await AnswerAsync(run, "true");
            await server.UntilAsync("it reindexes", "EXISTS (SELECT FROM pg_stat_progress_create_index)");
            var killed = await server.Cluster.KillWorkerAsync();
            await server.Cluster.WorkerPidAsync(not: killed);
            await transaction.CommitAsync();
        }

        Assert.Contains("done", await server.EndAsync(run));
        Assert.InRange(await server.ScalarAsync<long>("SELECT pg_relation_size('bloated_pkey')"), 1, before / 2);
        Assert.Equal(0.0, await server.Cluster.ScalarAsync<double>("SELECT dead_tuple_percent FROM pgstattuple('bloated')"));
        Assert.Equal("bloated_pkey", await server.ScalarAsync<string>(
            "SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index WHERE indrelid = 'bloated'::regclass"));
        Assert.True(await server.ScalarAsync<bool>("SELECT indisvalid FROM pg_index WHERE indrelid = 'bloated'::regclass"));
        Assert.Equal("completed", await server.ScalarAsync<string>(
            "SELECT string_agg(df.status(id), ' ') FROM df.instances WHERE label = 'bloat: act'"));
    }

    [Fact]
    public async Task Wraparound_OldTables_AreFrozenUnlessSomebodyHoldsThemBack()
    {
        await server.ExecuteAsync("CREATE TABLE aged (id int)");
        await server.Cluster.ExecuteAsync("DO $$ BEGIN FOR i IN 1 .. 2000 LOOP PERFORM txid_current(); COMMIT; END LOOP; END $$");
        await server.RunAsync("wraparound.sql", "max_age=1500", "alarm_age=1900", "at_once=100");

        await using (var holder = await server.Cluster.ConnectAsync())
        {
            await using var transaction = await holder.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            await using (var command = new Npgsql.NpgsqlCommand("SELECT 1", holder, transaction))
                await command.ExecuteNonQueryAsync();
            await server.Cluster.ExecuteAsync("DO $$ BEGIN FOR i IN 1 .. 2000 LOOP PERFORM txid_current(); COMMIT; END LOOP; END $$");
            Assert.Contains(
                $"transactions old; held back by session {holder.ProcessID} of postgres", await server.EndAsync(await WatchAsync()));
        }

        Assert.Contains("frozen", await server.EndAsync(await WatchAsync()));
        Assert.InRange(await server.ScalarAsync<int>("SELECT age(relfrozenxid) FROM pg_class WHERE oid = 'aged'::regclass"), 0, 1500);

        Task<string> WatchAsync() => server.StartAsync("wraparound");
    }

    [Fact]
    public async Task SlowQueries_BetweenTwoLooks_AreWrittenDown()
    {
        await server.RunAsync("slow-queries.sql", "min_mean_ms=200");
        await server.EndAsync(await server.StartAsync("slow-queries"));
        for (var i = 0; i < 2; i++)
            await server.ExecuteAsync("SELECT 'slow', pg_sleep(0.3)");
        await server.EndAsync(await server.StartAsync("slow-queries"));
        await server.EndAsync(await server.StartAsync("slow-queries"));

        Assert.Equal("2 calls by dba, slow", await server.ScalarAsync<string>(
            """
            SELECT string_agg(calls || ' calls by ' || role || CASE WHEN mean_ms BETWEEN 300 AND 3000 THEN ', slow' ELSE '?' END, '; ')
              FROM runbooks.slow_queries WHERE query = 'SELECT $1, pg_sleep($2)'
            """));
    }

    [Fact]
    public async Task Archive_KilledInTheMiddle_MovesEachRowOnce()
    {
        await server.ExecuteAsync(
            """
            CREATE TABLE orders (id int PRIMARY KEY, ordered_at timestamptz);
            CREATE TABLE orders_archive (LIKE orders);
            INSERT INTO orders SELECT i, now() - make_interval(days => i) FROM generate_series(1, 2364) i
            """);
        await server.RunAsync("archive.sql", "table=orders", "archive=orders_archive", "key=id",
            "old=ordered_at < now() - interval '365 days'", "batch=100", "pause_ms=100");
        var run = await server.StartAsync("archive orders");

        await server.UntilAsync("it has begun", "count(*) >= 300 FROM orders_archive");
        await server.Cluster.KillWorkerAsync();

        Assert.Equal("""{"moved": 2000}""", await server.EndAsync(run));
        Assert.Equal("364 2000 2000", await server.ScalarAsync<string>(
            "SELECT concat_ws(' ', (SELECT count(*) FROM orders), count(*), count(DISTINCT id)) FROM orders_archive"));
    }

    [Fact]
    public async Task Backfill_PausedAndKilledInTheMiddle_ChangesEachRowOnce()
    {
        await server.ExecuteAsync(
            """
            CREATE TABLE items (id int PRIMARY KEY, quantity int, price numeric, total numeric, changes int DEFAULT 0);
            INSERT INTO items SELECT i * 3, i, 2 FROM generate_series(1, 2000) i;
            UPDATE items SET total = 7 WHERE id % 2 = 0
            """);
        var run = (await server.RunAsync("backfill.sql", "table=items", "key=id", "set=total = quantity * price, changes = changes + 1",
            "where=total IS NULL OR changes > 0", "batch=100", "pause_ms=100")).Trim();

        await server.UntilAsync("it has begun", "count(*) >= 200 FROM items WHERE changes > 0");
        await server.Cluster.KillWorkerAsync();
        await server.ExecuteAsync($"SELECT df.pause('{run}'); SELECT df.resume('{run}')");

        Assert.Equal("""{"changed": 1000}""", await server.EndAsync(run));
        Assert.Equal("1000 rows changed once, 1000 left alone", await server.ScalarAsync<string>(
            """
            SELECT count(*) FILTER (WHERE changes = 1 AND total = quantity * price) || ' rows changed once, '
                || count(*) FILTER (WHERE changes = 0 AND total = 7) || ' left alone'
              FROM items
            """));
    }

    [Fact]
    public async Task Partitions_TableIsInUse_TriesAgainAndCreatesAndDrops()
    {
        await server.ExecuteAsync(
            """
            CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at);
            CREATE TABLE events_2020_01 PARTITION OF events FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2020-02-01 00:00+00');
            CREATE TABLE events_2020_02 PARTITION OF events FOR VALUES FROM ('2020-02-01 00:00+00') TO ('2020-03-01 00:00+00')
            """);
        await server.RunAsync("partitions.sql", "table=events", "ahead=2", "keep=6", "drop=yes", "retry_seconds=1");
        string run;
        await using (var busy = await server.Cluster.ConnectAsync())
        {
            await using var transaction = await busy.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("SELECT FROM events", busy, transaction))
                await command.ExecuteNonQueryAsync();
            run = await server.StartAsync("partitions events");
            await server.UntilAsync("it has given up once", $"df.why('{run}') LIKE '%55P03%'");
        }

        Assert.Matches(
            """^{"created": \[("events_\d+_\d+"(, )?){3}\], "removed": \["public.events_2020_01", "public.events_2020_02"\]}$""",
            await server.EndAsync(run));
        Assert.Equal("""{"created": null, "removed": null}""", await server.EndAsync(await server.StartAsync("partitions events")));
        await server.ExecuteAsync("INSERT INTO events SELECT now() + make_interval(months => i) FROM generate_series(0, 2) i");
        Assert.True(await server.ScalarAsync<bool>("SELECT to_regclass('events_2020_01') IS NULL"));
    }

    private async Task AnswerAsync(string run, string answer)
    {
        await server.UntilAsync("it asks", $"df.state('{run}') IS NOT NULL");
        Assert.Equal("VACUUM (ANALYZE) bloated; REINDEX INDEX CONCURRENTLY bloated_pkey", await server.ScalarAsync<string>(
            $"SELECT string_agg(replace(f ->> 'statement', 'public.', ''), '; ') FROM jsonb_array_elements(df.state('{run}')) f"));
        await server.ExecuteAsync($$"""SELECT df.signal('{{run}}', 'approval', '{"approved": {{answer}}}')""");
    }
}
