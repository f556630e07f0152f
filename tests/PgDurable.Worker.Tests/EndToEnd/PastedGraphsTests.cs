namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>The kinds of workflows with which people begin, pasted into psql as they stand.</summary>
[Collection(WorkerCollection.Name)]
public sealed class PastedGraphsTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Sequence_NamesAResult_AndUsesItLater()
    {
        await using var user = await UserAsync("CREATE TABLE orders (id int, total numeric, status text); "
            + "INSERT INTO orders VALUES (7, 19.90, 'new'); CREATE TABLE audit (order_id int, total numeric)");
        Assert.Equal("completed", await EndAsync(user,
            """
            SELECT df.start(
                ('SELECT id, total FROM orders WHERE status = ''new'' LIMIT 1' |=> 'order')
                ~> 'UPDATE orders SET status = ''billed'' WHERE id = $order.id'
                ~> 'INSERT INTO audit VALUES ($order.id, $order.total)',
                'bill an order')
            """));
        Assert.Equal(
            "billed 7 19.90", await user.ScalarAsync<string>("SELECT concat_ws(' ', status, order_id, audit.total) FROM orders, audit"));
    }

    [Fact]
    public async Task CronLoop_WaitsForTheNextFullHour_UntilItIsCancelled()
    {
        await using var user = await UserAsync("CREATE TABLE ticks (at timestamptz DEFAULT now())");
        var id = await user.ScalarAsync<string>(
            "SELECT df.start(@> (df.wait_for_schedule('0 * * * *') ~> 'INSERT INTO ticks DEFAULT VALUES'), 'hourly')");
        await user.WaitingAsync(id, "WAIT_SCHEDULE");
        Assert.True(await user.ScalarAsync<bool>("SELECT until = date_trunc('hour', created_at) + interval '1 hour' FROM df.waiting w "
            + "JOIN df.instances i USING (id) WHERE id = $1", id));
        Assert.Equal($"Instance {id} cancelled: not needed", await user.ScalarAsync<string>("SELECT df.cancel($1, 'not needed')", id));
        Assert.Equal("cancelled", await user.EndAsync(id));
        Assert.Equal(0L, await user.CountAsync("ticks"));
    }

    [Fact]
    public async Task Approval_OfASignal_DecidesHowItGoesOn()
    {
        await using var user =
            await UserAsync("CREATE TABLE requests (id int, state text DEFAULT 'open'); INSERT INTO requests VALUES (1), (2)");
        string Graph(int request) =>
            $"""
             SELECT df.start(
                 'UPDATE requests SET state = ''waiting'' WHERE id = {request}'
                 ~> (df.wait_for_signal('decision', 3600) |=> 'decision')
                 ~> df.if('SELECT (($decision.data)::jsonb ->> ''approved'')::boolean',
                          'UPDATE requests SET state = ''approved'' WHERE id = {request}',
                          'UPDATE requests SET state = ''rejected'' WHERE id = {request}'), 'request {request}')
             """;
        string[] ids = [await user.ScalarAsync<string>(Graph(1)), await user.ScalarAsync<string>(Graph(2))];
        foreach (var id in ids)
            await user.WaitingAsync(id, "SIGNAL");
        await user.ExecuteAsync(
            """SELECT df.signal($1, 'decision', '{"approved": true}'), df.signal($2, 'decision', '{"approved": false}')""", ids[0], ids[1]);
        foreach (var id in ids)
            await user.ResultAsync(id);
        Assert.Equal("approved rejected", await user.ScalarAsync<string>("SELECT string_agg(state, ' ' ORDER BY id) FROM requests"));
    }

    [Fact]
    public async Task ExtractTransformLoad_InPsqlsOwnWords_MovesTheRows()
    {
        await using var user = await UserAsync("CREATE TABLE source (day date, amount int); "
            + "INSERT INTO source SELECT '2026-01-01'::date + i % 3, i FROM generate_series(1, 30) i; "
            + "CREATE TABLE daily (day date PRIMARY KEY, total bigint)");
        Assert.Equal("completed", await EndAsync(user,
            """
            SELECT df.start(
                'CREATE TABLE staging AS SELECT day, amount FROM source'
                ~> 'DELETE FROM staging WHERE amount > 27'
                ~> 'INSERT INTO daily SELECT day, sum(amount) FROM staging GROUP BY day
                    ON CONFLICT (day) DO UPDATE SET total = EXCLUDED.total'
                ~> ('SELECT count(*) AS n FROM daily' |=> 'days')
                ~> 'DROP TABLE staging'
                ~> df.if('SELECT $days.n = 3', 'SELECT ''loaded $days.n days'' AS message', df.break('nothing to do')))
            """));
        Assert.Equal(378L, await user.ScalarAsync<long>("SELECT sum(total)::bigint FROM daily"));
    }

    [Fact]
    public async Task Parallel_ThreeQueries_GiveAnArrayOfResults()
    {
        await using var user = await UserAsync("CREATE TABLE a AS SELECT 1; CREATE TABLE b AS SELECT generate_series(1, 2)");
        var result = await user.ResultAsync(await user.ScalarAsync<string>(
            "SELECT df.start(df.join3('SELECT count(*) AS n FROM a', 'SELECT count(*) AS n FROM b', 'SELECT 3 AS n') |=> 'counts')"));
        Assert.Equal([1, 2, 3], result.EnumerateArray().Select(branch => branch.GetProperty("rows")[0].GetProperty("n").GetInt32()));
        Assert.Equal(
            2, (await user.ResultAsync(await user.ScalarAsync<string>("SELECT df.start('SELECT 1' & 'SELECT 2')"))).GetArrayLength());
    }

    [Fact]
    public async Task Race_AgainstASleep_IsATimeout()
    {
        await using var user = await UserAsync("SELECT 1");
        var result = await user.ResultAsync(await user.ScalarAsync<string>(
            "SELECT df.start('SELECT pg_sleep(100000)' | (df.sleep(1) ~> 'SELECT ''too late'' AS outcome'))"));
        Assert.Equal("too late", result.GetProperty("rows")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Variables_SetBefore_StandInTheText()
    {
        await using var user = await UserAsync("CREATE TABLE readings (v int); INSERT INTO readings VALUES (5), (15), (25)");
        await user.ExecuteAsync("SELECT df.setvar('threshold', '10'), df.setvar('target', 'readings')");
        var id = await user.ScalarAsync<string>("SELECT df.start('SELECT count(*) AS n FROM {target} WHERE v > {threshold}')");
        await user.ExecuteAsync("SELECT df.setvar('threshold', '20')");
        Assert.Equal(2, (await user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Loop_WithACondition_EndsWhenItIsFalse()
    {
        await using var user =
            await UserAsync("CREATE TABLE jobs (id int, done boolean DEFAULT false); INSERT INTO jobs SELECT generate_series(1, 3)");
        Assert.Equal("completed", await EndAsync(user,
            """
            SELECT df.start(df.loop(
                'UPDATE jobs SET done = true WHERE id = (SELECT id FROM jobs WHERE NOT done ORDER BY id LIMIT 1)',
                'SELECT EXISTS (SELECT FROM jobs WHERE NOT done)'))
            """));
        Assert.Equal(3L, await user.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE done"));
    }

    [Fact]
    public async Task SeveralUsers_EachGranted_SeeAndCancelTheirOwn()
    {
        await using var alice = await UserAsync("CREATE TABLE t (who text)");
        await using var bob = await UserAsync("CREATE TABLE t (who text)");
        foreach (var user in (TestUser[])[alice, bob])
            Assert.Equal("completed", await EndAsync(user, "SELECT df.start('INSERT INTO t VALUES (current_user)', 'mine')"));
        var waiting = await bob.ScalarAsync<string>("SELECT df.start(df.wait_for_signal('go'))");

        Assert.Equal(1L, await alice.ScalarAsync<long>("SELECT count(*) FROM df.list_instances()"));
        Assert.Equal(bob.Role, await bob.ScalarAsync<string>("SELECT who FROM t"));
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => alice.ScalarAsync<string>("SELECT df.cancel($1)", waiting));
        Assert.Equal($"Instance not found or access denied: {waiting}", error.MessageText);
        await bob.ScalarAsync<string>("SELECT df.cancel($1)", waiting);
    }

    /// <summary>A role whose login finds its own schema, as the people's who paste.</summary>
    async Task<TestUser> UserAsync(string setUp)
    {
        var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {TestUser.Quote(user.Role)} SET search_path = {user.Schema}");
        await user.ExecuteAsync($"SET search_path = {user.Schema}");
        await user.ExecuteAsync(setUp);
        return user;
    }

    static async Task<string> EndAsync(TestUser user, string start) => await user.EndAsync(await user.ScalarAsync<string>(start));
}
