using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>
/// Starts of what is stored already. There are two implementations that must behave alike: C, and PL/pgSQL where the module can't be
/// loaded.
/// </summary>
[Collection(StoreCollection.Name)]
public sealed partial class StartKnownTests(StoreFixture fixture) : IAsyncLifetime
{
    private const string Known = "SELECT df._start_known('SELECT 1', NULL, NULL, NULL, NULL, NULL, NULL, NULL)";

    // All that a start leaves, except what is drawn.
    private const string Left =
        """
        SELECT concat_ws('|', g.graph, g.sources::text, s.label, s.input::text, s.idempotency_key, s.start_at AT TIME ZONE 'UTC',
                         s.database, s.vars::text, s.workflow, s.workflow_version, s.traceparent,
                         s.submitted_by = quote_ident(current_user)::regrole, q.due_at AT TIME ZONE 'UTC', q.lane, q.worker_id,
                         q.submitted_by = s.submitted_by, length(s.id), o.status)
          FROM df.submissions s LEFT JOIN df.graphs g USING (graph_id) LEFT JOIN df.queue q USING (instance_no)
          LEFT JOIN df.outcomes o USING (instance_no)
         ORDER BY s.instance_no
        """;

    public async Task InitializeAsync()
    {
        await fixture.EmptyAsync();
        await fixture.EmptyAsync("portable");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    // Twice, so that the second one finds everything as it may be found.
    [Theory]
    [InlineData("df.start('SELECT 1')")]
    [InlineData("df.start(E' \\t\\nSELECT \\'\"\\\\ä\\u0001\\'')")]
    [InlineData("df.start('SELECT 1', 'a label')")]
    [InlineData("df.start(df.seq('SELECT 1', df.sleep(5)))")]
    [InlineData("df.start(' ' || df.seq('SELECT 1', 'SELECT 2') || chr(10))")]
    [InlineData("df.start('{\"node_type\": \"SQL\", \"query\": \"SELECT 1\"}')")]
    [InlineData("df.start('{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}')")]
    [InlineData("df.start('{\"a\":1}')")]
    [InlineData("df.start('{\"node_type\":\"NONE\"}')")]
    [InlineData("df.start('{')")]
    [InlineData("df.start('OK')")]
    [InlineData("df.start('')")]
    [InlineData("df.start(' ')")]
    [InlineData("df.start(NULL)")]
    [InlineData("df.start('SELECT 1', transaction_mode => 'CALLER')")]
    [InlineData("df.start('SELECT 1', transaction_mode => 'other')")]
    [InlineData("df.start('SELECT 1', transaction_mode => NULL)")]
    [InlineData("df.start('SELECT 1', database => 'postgres')")]
    [InlineData("df.start('SELECT 1', database => 'no such database')")]
    [InlineData("df.start_graph('SELECT $input.a', '{\"a\": [1, null]}', 'a label', start_at => '2100-01-01 00:00Z')")]
    [InlineData("df.start_graph('SELECT 1', start_at => 'infinity')")]
    [InlineData("df.start_graph('SELECT 1', start_at => '-infinity')")]
    [InlineData("df.start_graph('SELECT 1', 'null', idempotency_key => 'key')")]
    [InlineData("df.start_graph('SELECT 1', sources => '{a.cs:1}')")]
    [InlineData("df.start_graph('SELECT 1', sources => '{NULL}')")]
    [InlineData("df.start_graph('SELECT 1', sources => '{a.cs:1,b.cs:2}')")]
    [InlineData("df.start_workflow('w')")]
    [InlineData("df.start_workflow('w', '{\"a\": 1}', 'a label', 'key', start_at => '2100-01-01 00:00Z')")]
    [InlineData("df.start_workflow('w', version => 1)")]
    [InlineData("df.start_workflow('w', version => 3)")]
    [InlineData("df.start_workflow('w', version => -1)")]
    [InlineData("df.start_workflow('W')")]
    [InlineData("df.start_workflow('')")]
    [InlineData("df.start_workflow(NULL)")]
    public async Task Start_Twice_LeavesTheSameInBothForms(string start)
    {
        Assert.Equal(await TwiceAsync(await UserAsync(native: false), start), await TwiceAsync(await UserAsync(native: true), start));
    }

    [Theory]
    [InlineData("'SELECT 1', NULL, NULL, 'a label', '{}', 'key', now(), NULL", true)]
    [InlineData("'{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL", true)]
    [InlineData("'SELECT 1', NULL, NULL, NULL, NULL, NULL, NULL, '{a.cs:1}'", true)]
    [InlineData("NULL, 'w', NULL, NULL, NULL, NULL, NULL, NULL", true)]
    [InlineData("NULL, 'w', 1, NULL, NULL, NULL, NULL, NULL", true)]
    [InlineData("'SELECT 1', NULL, NULL, NULL, NULL, NULL, NULL, '{a.cs:2}'", false)]
    [InlineData("'SELECT 2', NULL, NULL, NULL, NULL, NULL, NULL, NULL", false)]
    [InlineData("'SELECT 1', NULL, NULL, NULL, NULL, NULL, 'infinity', NULL", false)]
    [InlineData("NULL, 'w', 3, NULL, NULL, NULL, NULL, NULL", false)]
    [InlineData("NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL", false)]
    public async Task StartKnown_UsualCaseOrNot_StartsOrLeavesItToOthers(string arguments, bool starts)
    {
        await using var user = await PreparedAsync(await fixture.UserAsync());
        await user.ExecuteAsync("SELECT df.start_graph('SELECT 1', sources => '{a.cs:1}')");
        var id = await user.ScalarAsync<string>($"SELECT df._start_known({arguments})");
        Assert.Equal(starts ? 2 : 1, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
        Assert.Equal(starts ? "pending" : null, await user.ScalarAsync<string>("SELECT df.status($1)", id ?? ""));
    }

    // The driver sends an array in another form than a literal's.
    [Fact]
    public async Task StartKnown_SourcesOfADriver_AreTheStoredOnes()
    {
        await using var user = await fixture.UserAsync();
        string?[] sources = ["a.cs:1", null, "ä.cs:3"];
        const string graph = "df.seq('SELECT 1', 'SELECT 2')";
        await user.ExecuteAsync($"SELECT df.start_graph({graph}, sources => '{{a.cs:1,NULL,ä.cs:3}}')");
        const string known = $"SELECT df._start_known({graph}, NULL, NULL, NULL, NULL, NULL, NULL, $1)";
        Assert.NotNull(await user.ScalarAsync<string>(known, (object)sources));
        sources[2] = "b.cs:3";
        Assert.Null(await user.ScalarAsync<string>(known, (object)sources));
    }

    [Theory]
    [InlineData("SELECT df.setvar('a', '\"1\\'), df.setvar('b', '')", "\\\"1\\\\")]
    [InlineData("SELECT df.setvar('a', '1'), df.unsetvar('a')", null)]
    [InlineData("INSERT INTO df.vars (name, value) VALUES ('a', NULL)", null)]
    public async Task Start_RoleWithVariables_CopiesThem(string set, string? expected)
    {
        foreach (var native in (bool[])[true, false])
        {
            await using var user = await UserAsync(native);
            await user.ExecuteAsync("SELECT df.start('SELECT 1')");
            await user.ExecuteAsync(set);
            await user.ExecuteAsync("SELECT df.start('SELECT 1')");
            if (native)
                Assert.NotNull(await user.ScalarAsync<string>(Known));
            var copies = await user.ColumnAsync<string>("SELECT COALESCE(vars::text, '') FROM df.submissions ORDER BY instance_no");
            foreach (var vars in copies[1..])
                Assert.Equal(expected is null ? "" : $$"""{ "a" : "{{expected}}", "b" : "" }""", vars);
        }
    }

    [Fact]
    public async Task Start_VariablesThatAreTooLarge_IsRefused()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await user.ExecuteAsync("SELECT df.setvar('a' || i, repeat('x', 1000000)) FROM generate_series(1, 17) i");
        Assert.Equal("54000", await ErrorAsync(user, "SELECT df.start('SELECT 1')"));
        Assert.Null(await user.ScalarAsync<string>(Known));
    }

    [Fact]
    public async Task Start_SameKeyAgain_ReturnsTheFirst()
    {
        await using var user = await fixture.UserAsync();
        const string start = "SELECT df.start_graph('SELECT 1', idempotency_key => 'key')";
        var first = await user.ScalarAsync<string>(start);
        Assert.Equal(first, await user.ScalarAsync<string>(start));
        Assert.Equal(1, await user.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
    }

    [Theory]
    [InlineData(true, "COMMIT")]
    [InlineData(true, "ROLLBACK")]
    [InlineData(false, "COMMIT")]
    [InlineData(false, "ROLLBACK")]
    public async Task Start_SameKeyAtTheSameTime_ReturnsTheOneThatCommits(bool native, string end)
    {
        await using var first = await UserAsync(native);
        await using var second = await UserAsync(native);
        await first.ExecuteAsync("SELECT df.start('SELECT 1')");
        const string start = "SELECT df.start_graph('SELECT 1', idempotency_key => 'key')";
        await first.ExecuteAsync("BEGIN");
        var id = await first.ScalarAsync<string>(start);
        var waiting = second.ScalarAsync<string>(start);
        await TestKit.Poll.UntilAsync("the second one waits for the first", async () => await first.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'") > 0);
        await first.ExecuteAsync(end);
        Assert.Equal(end == "COMMIT", await waiting == id);
        Assert.Equal(1, await second.ScalarAsync<long>("SELECT count(*) FROM df.submissions WHERE idempotency_key = 'key'"));
    }

    [Fact]
    public async Task Start_GraphThatRetentionHasMarked_StoresItAgain()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        await fixture.Cluster.ExecuteAsync("UPDATE df.graphs SET unused_at = now()");
        await user.ExecuteAsync("SELECT df.start('SELECT 1') FROM generate_series(1, 2)");
        Assert.Equal(2, await user.ScalarAsync<long>("SELECT count(DISTINCT graph_id) FROM df.submissions"));
    }

    // Row security hides a row before an expression that is not leakproof may see it.
    [Fact]
    public async Task Start_RoleWithManyGraphs_FindsOneByItsHash()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.start('SELECT ' || i) FROM generate_series(1, 200) i");
        var plan = await user.ColumnAsync<string>(
            "EXPLAIN SELECT graph_id FROM df.graphs WHERE owner = 'alice'::regrole AND hash = hashtextextended('x', 0) AND graph = 'x'");
        Assert.Contains(plan, line => line.TrimStart().StartsWith("Index Cond", StringComparison.Ordinal)
            && line.Contains("hash", StringComparison.Ordinal));
    }

    private async Task<TestSession> UserAsync(bool native) =>
        native ? await fixture.UserAsync() : new TestSession(await fixture.Cluster.ConnectAsync("portable", "carol"));

    private static async Task<TestSession> PreparedAsync(TestSession session)
    {
        await session.ExecuteAsync("SET df.traceparent = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01'");
        await session.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1'), df.register_workflow('w', df.sleep(1))");
        return session;
    }

    private static async Task<string> TwiceAsync(TestSession session, string start)
    {
        await using var user = await PreparedAsync(session);
        var found = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            try
            {
                await user.ExecuteAsync($"SELECT {start}");
            }
            catch (PostgresException e)
            {
                found.Add($"{e.SqlState} {e.MessageText.Replace("alice", "carol", StringComparison.Ordinal)} {e.Hint}");
            }
        }
        found.AddRange(await user.ColumnAsync<string>(Left));
        found.Add($"{await user.ScalarAsync<long>("SELECT count(*) FROM df.graphs")} graphs");
        return string.Join('\n', found);
    }
}
