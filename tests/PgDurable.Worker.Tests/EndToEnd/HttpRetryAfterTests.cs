namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>What becomes of 429: an answer, unless a retry says that it waits for servers.</summary>
public sealed class HttpRetryAfterTests : IAsyncLifetime
{
    private PgCluster _cluster = null!;
    private TestUser _user = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.WithExtensionAsync(worker: true,
            ("pg_durable.http_allowed_hosts", "127.0.0.1"), ("pg_durable.http_allow_private_addresses", "on"),
            ("pg_durable.log_workflow_sql", "on"));
        _user = await TestUser.CreateAsync(_cluster);
        await _cluster.ExecuteAsync($"SELECT df.grant_usage('{_user.Role}', include_http => true)");
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task TooManyRequests_IsAResult_AlsoInAnOrdinaryRetry()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(429, "", ("Retry-After", "0")));
        foreach (var node in new[] { $"df.http('{server.Url}', 'GET')", $"df.retry(df.http('{server.Url}', 'GET'), 3, 0)" })
            Assert.Equal(429, (await _user.ResultAsync(await _user.StartGraphAsync(node))).GetProperty("status").GetInt32());
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task TooManyRequests_InARetryThatWaitsForServers_IsSentAgainWithTheSameKey()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(429, "", ("Retry-After", "1")), TestServer.Status(200));
        var answer =
            await _user.ResultAsync(await _user.StartGraphAsync($"df.retry(df.http('{server.Url}', 'GET'), 3, 0, retry_after => true)"));
        Assert.Equal(200, answer.GetProperty("status").GetInt32());
        Assert.Equal(2, server.Requests.Count);
        Assert.Single(server.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task TooManyRequests_InARetryThatWaitsForServers_SaysHowLongTheServerAsks()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(429, "busy", ("Retry-After", "3600")));
        var error = await _user.ErrorAsync(
            await _user.StartGraphAsync($"df.retry(df.http('{server.Url}', 'GET'), 2, 0, max_delay_seconds => 0, retry_after => true)"));
        Assert.Equal(("DF008", 3600), (error.GetProperty("sqlstate").GetString(), error.GetProperty("retry_after").GetInt32()));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task NodeWithoutAMethod_IsAPost()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await _user.RunGraphToEndAsync($$"""'{"node_type":"HTTP","query":"{\"url\":\"{{server.Url}}\"}"}'""");
        Assert.Equal("POST", server.Request.Method);
    }

    [Fact]
    public async Task LogWorkflowSql_On_LogsTheStatementWithItsRoleOnOneLine()
    {
        await _user.RunGraphToEndAsync("('SELECT ''in-the-log'' AS v' |=> 'x') ~> E'SELECT\n$x AS w'");
        Assert.Contains(
            $"in database postgres as role {_user.Role}: SELECT 'in-the-log' AS v", await _cluster.LogAsync(), StringComparison.Ordinal);
    }
}
