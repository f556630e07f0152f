using PgDurable.Worker.Tests.Client;
using Samples;

namespace PgDurable.Worker.Tests.Typed;

/// <summary>The sample workloads, on tables of their own.</summary>
public sealed class WorkloadTests(WorkloadTests.Fixture fixture) : IClassFixture<WorkloadTests.Fixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, true, "approved")]
    [InlineData(2, false, "rejected")]
    [InlineData(3, true, "rejected")]
    public async Task OrderApproval_Decides(long orderId, bool approved, string expected)
    {
        await fixture.User.ExecuteAsync(
            $"INSERT INTO orders (order_id, total, status) VALUES ({orderId}, "
                + $"{(orderId == 3 ? 20_000 : 99.5m)}, 'new') ON CONFLICT DO NOTHING");
        var run = await OrderApproval.StartAsync(fixture.Client, new(orderId));
        await OrderApproval.SignalApprovalAsync(fixture.Client, run.InstanceId, new(approved, "jane"));

        Assert.Equal(new OrderApproval.Decision(expected), await run.ResultAsync(Limit));
        Assert.Equal(expected, await fixture.User.ScalarAsync<string>($"SELECT status FROM orders WHERE order_id = {orderId}"));
    }

    [Fact]
    public async Task EmbedChunks_WritesWhatTheServerAnswers()
    {
        await fixture.User.ExecuteAsync("INSERT INTO chunks (content) SELECT 'it''s \"chunk\" ' || n FROM generate_series(1, 20) AS n");
        await using var server = await TestServer.StartAsync(
            TestServer.Status(200, """{"data":[{"embedding":[0.5,1.25]}]}""", ("Content-Type", "application/json")));

        var run = await EmbedChunks.StartAsync(fixture.Client, new(server.Url, "small", 10));
        await Poll.UntilAsync("all chunks are embedded", async () =>
            await fixture.User.ScalarAsync<long>("SELECT count(*) FROM chunks WHERE embedding IS NULL") == 0);
        await run.CancelAsync();

        Assert.Equal("{0.5,1.25}", await fixture.User.ScalarAsync<string>("SELECT DISTINCT embedding::text FROM chunks"));
        Assert.Equal(20, server.Requests.Count);
        Assert.Contains(server.Requests, request => request.Text == """{"input":"it's \"chunk\" 7","model":"small"}""");
    }

    [Fact]
    public async Task Bodies_FormAndText_ArriveAsTheyAre()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200, "", ("Content-Type", "text/plain")));

        var run = await SendForm.StartAsync(fixture.Client, new(server.Url, "jo&e=ü $x {y}", null, 1.50m));
        await run.WaitAsync(Limit);

        Assert.Equal(
            [
                ("application/x-www-form-urlencoded",
                    "grant_type=a%20b&user=jo%26e%3D%C3%BC%20%24x%20%7By%7D&note=&amount=1.50&flag=true"),
                ("text/csv; charset=utf-8", "jo&e=ü $x {y};2.50"),
            ],
            server.Requests.Select(request => (request.Headers["Content-Type"].ToString(), request.Text)));
    }

    [Fact]
    public async Task IngestBatch_Publishes()
    {
        await fixture.User.ExecuteAsync("INSERT INTO inbox VALUES (1, 'a', 'x'), (1, 'b', 'y'), (1, 'a', 'x')");

        await (await IngestBatch.StartAsync(fixture.Client, new(1))).WaitAsync(Limit);

        Assert.Equal("a=X b=Y", await fixture.User.ScalarAsync<string>(
            "SELECT string_agg(key || '=' || value, ' ' ORDER BY key) FROM published WHERE key < 'c'"));
    }

    [Fact]
    public async Task IngestBatch_WithoutRows_FailsAndTakesBack()
    {
        var run = await IngestBatch.StartAsync(fixture.Client, new(77));

        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.WaitAsync(Limit));

        Assert.Equal(("DF006", "batch 77 is empty"), (error.SqlState, error.Reason));
    }

    [Fact]
    public async Task IngestBatch_ThatCannotPublish_ReportsIt()
    {
        await fixture.User.ExecuteAsync("INSERT INTO inbox VALUES (2, 'taken', 'x'); INSERT INTO published VALUES ('taken', 'y')");

        await (await IngestBatch.StartAsync(fixture.Client, new(2))).WaitAsync(Limit);

        Assert.Equal("23505", await fixture.User.ScalarAsync<string>("SELECT sqlstate FROM ingest_errors WHERE batch_id = 2"));
    }

    [Fact]
    public async Task DailyTotals_CountsSideBySide()
    {
        await fixture.User.ExecuteAsync("INSERT INTO users VALUES ('2026-03-01'), ('2026-03-01'), ('2026-03-02')");

        await (await DailyTotals.StartAsync(fixture.Client, new(new(2026, 3, 1)))).WaitAsync(Limit);

        Assert.Equal(
            "2026-03-01 2 0", await fixture.User.ScalarAsync<string>("SELECT concat_ws(' ', day, users, orders) FROM daily_totals"));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private PgCluster _cluster = null!;
        private ClientUser _user = null!;

        public TestUser User => _user.User;

        public DurableClient Client => _user.Client;

        public async Task InitializeAsync()
        {
            _cluster = await Clusters.WithExtensionAsync(
                worker: true, ("pg_durable.http_allowed_hosts", "127.0.0.1"), ("pg_durable.http_allow_private_addresses", "on"));
            _user = await ClientUser.CreateAsync(_cluster);
            await _cluster.ExecuteAsync($"SELECT df.grant_usage('{User.Role}', include_http => true)");
            await User.ExecuteAsync(
                $"""
                 SET search_path = {User.Schema};
                 CREATE DOMAIN vector AS real[];
                 CREATE TABLE orders (order_id bigint PRIMARY KEY, total numeric NOT NULL, status text, note text, created_on date);
                 CREATE TABLE chunks (id bigint GENERATED ALWAYS AS IDENTITY, content text NOT NULL, embedding vector);
                 CREATE TABLE inbox (batch_id bigint, key text, value text);
                 CREATE TABLE staging (batch_id bigint, key text, value text);
                 CREATE TABLE published (key text PRIMARY KEY, value text);
                 CREATE TABLE ingest_errors (batch_id bigint, sqlstate text, message text);
                 CREATE TABLE users (created_on date);
                 CREATE TABLE daily_totals (day date, users bigint, orders bigint)
                 """);
        }

        public async Task DisposeAsync()
        {
            await _user.DisposeAsync();
            await _cluster.DisposeAsync();
        }
    }
}
