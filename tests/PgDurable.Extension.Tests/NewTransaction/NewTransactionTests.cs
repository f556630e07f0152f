using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.NewTransaction;

/// <summary>df.start(…, transaction_mode => 'new'): the start commits by itself, in a second session of the same role.</summary>
public sealed class NewTransactionTests : IAsyncLifetime
{
    private const string Slots = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1346982470 AND objsubid = 77";
    private const string Sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_durable:backend:new-transaction'";

    PgCluster _cluster = null!;
    NpgsqlConnection _app = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(
            new() { Settings = new Dictionary<string, string> { ["pg_durable.new_transaction_start_timeout"] = "1" } });
        await _cluster.ExecuteAsync("CREATE EXTENSION pg_durable; CREATE ROLE app LOGIN; SELECT df.grant_usage('app')");
        _app = await _cluster.ConnectAsync(user: "app");
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Start_RolledBackCaller_Stays()
    {
        await ExecuteAsync("SELECT df.setvar('known', 'yes')");
        await ExecuteAsync("BEGIN; SELECT df.setvar('known', 'not yet')");

        // No matter what its settings are.
        await ExecuteAsync("SET LOCAL DateStyle = 'SQL, DMY'; SET LOCAL TimeZone = 'Asia/Kolkata'");
        var id = await TextAsync(
            """
            SELECT df.start_graph('SELECT 1', label => 'a label', database => 'postgres', transaction_mode => 'New',
                                  input => '{"a": "ü"}', idempotency_key => 'once', start_at => '2031-02-03 04:05:06.789+00',
                                  sources => ARRAY['Ü/"a\b,c".cs:1'])
            """);

        Assert.Equal("1", await TextAsync($"SELECT count(*)::text FROM df.instances WHERE id = '{id}'"));
        await ExecuteAsync("ROLLBACK");
        Assert.Equal(
            """app a label {"a": "ü"} once 2031-02-03 04:05:06.789 {"known": "yes"}""",
            await TextAsync(
                $"""
                 SELECT concat_ws(' ', submitted_by, label, input, idempotency_key, start_at AT TIME ZONE 'UTC', vars::jsonb)
                   FROM df.submissions WHERE id = '{id}'
                 """));
        Assert.Equal(
            "Ü/\"a\\b,c\".cs:1",
            await TextAsync($"SELECT g.sources[1] FROM df.submissions s JOIN df.graphs g USING (graph_id) WHERE s.id = '{id}'"));
        Assert.Equal(id, await TextAsync("SELECT df.start_graph('SELECT 2', transaction_mode => 'new', idempotency_key => 'once')"));
        Assert.Equal("0", await TextAsync($"SELECT ({Slots})::text"));
    }

    [Theory]
    [InlineData("""role"with"quote""")]
    [InlineData("Mixed Case")]
    [InlineData("größe \\ -c role=postgres")]
    public async Task Start_OddRoleName_IsThatRoles(string role)
    {
        var quoted = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await _cluster.ExecuteAsync($"CREATE ROLE {quoted} LOGIN; SELECT df.grant_usage($q${role}$q$)");
        // A session that logged in would belong to the other role; the session that starts it doesn't.
        await _cluster.ExecuteAsync($"GRANT app TO {quoted}; ALTER ROLE {quoted} SET role = app");
        await using var connection = await _cluster.ConnectAsync();
        await ExecuteAsync($"SET SESSION AUTHORIZATION {quoted}; BEGIN", connection);
        var id = await TextAsync("SELECT df.start('SELECT 1', transaction_mode => 'new')", connection);
        await ExecuteAsync("ROLLBACK", connection);
        Assert.Equal(role, await TextAsync(
            $"SELECT rolname::text FROM df.submissions s JOIN pg_roles r ON r.oid = s.submitted_by WHERE s.id = '{id}'", connection));
    }

    [Theory]
    [InlineData("SET df.in_workflow = 'true'", "df.start() with transaction_mode => 'new' cannot be called inside a workflow - ")]
    [InlineData("", "current_user \"app\" does not have LOGIN privilege.", "ALTER ROLE app NOLOGIN")]
    [InlineData("", "df.start() on new transaction failed: connection to server ", "ALTER ROLE app CONNECTION LIMIT 0")]
    public async Task Start_NotPossible_SaysWhy(string session, string message, string role = "")
    {
        if (role.Length > 0)
            await _cluster.ExecuteAsync(role);
        if (session.Length > 0)
            await ExecuteAsync(session);
        var error = await FailAsync("SELECT df.start('SELECT 1', transaction_mode => 'new')");
        Assert.Equal("DF016", error.SqlState);
        Assert.StartsWith(message, error.MessageText, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
        Assert.Equal("0", await TextAsync($"SELECT ({Slots})::text"));
    }

    [Fact]
    public async Task Start_BadArguments_AreReportedAsByTheOtherMode()
    {
        await ExecuteAsync("BEGIN; SAVEPOINT s");
        var error = await FailAsync("""SELECT df.start('{"node_type":"NOT_A_NODE"}', transaction_mode => 'new')""");
        await ExecuteAsync("ROLLBACK TO s");
        Assert.Equal("DF003", error.SqlState);
        Assert.StartsWith("df.start() on new transaction failed: Invalid durable function: Unknown node_type 'NOT_A_NODE'",
            error.MessageText, StringComparison.Ordinal);
        Assert.Equal("0", await TextAsync($"SELECT ({Slots})::text"));
        await TextAsync("SELECT df.start('SELECT 1', transaction_mode => 'new')");
        await ExecuteAsync("ROLLBACK");

        var unknown = await FailAsync("SELECT df.start('SELECT 1', transaction_mode => 'other')");
        Assert.Equal("invalid transaction_mode \"other\" for df.start(): expected 'caller' or 'new'", unknown.MessageText);
    }

    [Fact]
    public async Task Start_NoSlotFree_TimesOut()
    {
        // One role may hold all slots but one, and these advisory locks are not slots.
        await using var other = await _cluster.ConnectAsync();
        await ExecuteAsync(
            "SELECT pg_advisory_lock(1346982470, n) FROM generate_series(0, 99) n; BEGIN; LOCK TABLE df.submissions IN SHARE MODE", other);
        await using var app = await _cluster.ConnectAsync(user: "app");
        await using var first = new NpgsqlCommand("SELECT df.start('SELECT 1', transaction_mode => 'new')", app);
        var start = first.ExecuteScalarAsync();
        await Poll.UntilAsync("a slot is taken", async () => await _cluster.ScalarAsync<long>(Slots) == 1);
        var error = await FailAsync("SELECT df.start('SELECT 1', transaction_mode => 'new')");
        Assert.Equal("DF016", error.SqlState);
        Assert.Equal(
            "pg_durable: transaction_mode => 'new' launch limit reached (max_new_transaction_starts=2). "
            + "Timed out after 1s waiting for a launch slot before opening the loopback session.",
            error.MessageText);

        await _cluster.ExecuteAsync("CREATE ROLE second LOGIN; SELECT df.grant_usage('second')");
        await using var second = await _cluster.ConnectAsync(user: "second");
        await using var another = new NpgsqlCommand("SELECT df.start('SELECT 1', transaction_mode => 'new')", second);
        var anothers = another.ExecuteScalarAsync();
        await Poll.UntilAsync("another role has the last slot", async () => await _cluster.ScalarAsync<long>(Slots) == 2);
        await ExecuteAsync("ROLLBACK", other);
        Assert.NotNull(await start);
        Assert.NotNull(await anothers);
        await TextAsync("SELECT df.start('SELECT 1', transaction_mode => 'new')");
    }

    [Fact]
    public async Task Start_Cancelled_LeavesNoSessionAndNoSlot()
    {
        await using var locker = await _cluster.ConnectAsync();
        await ExecuteAsync("BEGIN; LOCK TABLE df.submissions IN SHARE MODE", locker);
        await using var command = new NpgsqlCommand("SELECT df.start('SELECT 1', transaction_mode => 'new')", _app);
        var start = command.ExecuteScalarAsync();
        await Poll.UntilAsync("the second session waits", async () =>
            await _cluster.ScalarAsync<long>(Sessions + " AND wait_event_type = 'Lock'") == 1
            && await _cluster.ScalarAsync<long>(Slots) == 1);

        command.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        Assert.Equal(0L, await _cluster.ScalarAsync<long>(Slots));
        await Poll.UntilAsync("the second session is gone", async () => await _cluster.ScalarAsync<long>(Sessions) == 0);
        await ExecuteAsync("ROLLBACK", locker);
        Assert.Equal(0L, await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
    }

    // The caller waits for the second session, which waits for the caller. Only a time-out can end that.
    [Fact]
    public async Task Start_WaitsForItsOwnCaller_TimesOut()
    {
        await ExecuteAsync("BEGIN; SELECT df.start_graph('SELECT 1', idempotency_key => 'both')");
        var error = await FailAsync("SELECT df.start_graph('SELECT 1', transaction_mode => 'new', idempotency_key => 'both')");
        Assert.Equal("DF016", error.SqlState);
        Assert.Matches("^pg_durable: transaction_mode => 'new' launch hit (lock|statement)_timeout after 30000ms while .* in the "
            + "loopback session: ", error.MessageText);
    }

    async Task ExecuteAsync(string sql, NpgsqlConnection? connection = null)
    {
        await using var command = new NpgsqlCommand(sql, connection ?? _app);
        await command.ExecuteNonQueryAsync();
    }

    async Task<string> TextAsync(string sql, NpgsqlConnection? connection = null)
    {
        await using var command = new NpgsqlCommand(sql, connection ?? _app) { CommandTimeout = 0 };
        return (string)(await command.ExecuteScalarAsync())!;
    }

    Task<PostgresException> FailAsync(string sql) => Assert.ThrowsAsync<PostgresException>(() => TextAsync(sql));
}
