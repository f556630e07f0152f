namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>HTTP steps from SQL to a server on loopback.</summary>
public sealed class HttpStepTests : IAsyncLifetime
{
    private PgCluster _cluster = null!;
    private TestUser _user = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.WithExtensionAsync(worker: true,
            ("pg_durable.http_allowed_hosts", "127.0.0.1"), ("pg_durable.http_allow_private_addresses", "on"));
        _user = await TestUser.CreateAsync(_cluster);
        await _cluster.ExecuteAsync($"SELECT df.grant_usage('{_user.Role}', include_http => true)");
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Http_JsonAnswer_IsReadByTheNextStep()
    {
        await using var server =
            await TestServer.StartAsync(TestServer.Status(200, """{"rate":1.25}""", ("Content-Type", "application/json")));
        var row = await _user.RunGraphAsync(
            $"('SELECT 4 AS n' |=> 'x') ~> (df.http('{server.Url}/rates/$x.n') |=> 'r') ~> 'SELECT $r.status AS status, "
                + "($r.body::json ->> ''rate'')::float8 * 2 AS twice'");

        Assert.Equal((200, 2.5m), (row.GetProperty("status").GetInt32(), row.GetProperty("twice").GetDecimal()));
        Assert.Equal("/rates/4", server.Request.Url);
    }

    [Fact]
    public async Task Http_FailsTwiceThenSucceeds_KeepsItsIdempotencyKey()
    {
        await using var server =
            await TestServer.StartAsync(TestServer.Status(503), TestServer.Status(503), TestServer.Status(200, "fine"));
        await _user.RunGraphToEndAsync($"df.http('{server.Url}/', 'POST', 'hello')");

        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Http_HostThatIsNotAllowed_FailsWithTheReason()
    {
        var error = await _user.ErrorAsync(await _user.StartGraphAsync("df.http('http://example.com/')"));

        Assert.Equal("DF009", error.GetProperty("sqlstate").GetString());
    }

    [Fact]
    public async Task Http_RightTakenBackMeanwhile_IsRefused()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await using var gate = await Gate.CloseAsync(_cluster);
        var id = await _user.StartGraphAsync($"'SELECT {gate.Pass}' ~> df.http('{server.Url}/')");
        await gate.WaitedForAsync();
        await _cluster.ExecuteAsync($"REVOKE EXECUTE ON FUNCTION df.http(text, text, text, jsonb, integer) FROM {_user.Role}");
        await gate.OpenAsync();
        var error = await _user.ErrorAsync(id);

        Assert.Contains("does not have EXECUTE privilege on df.http()", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task HttpJson_SendsJsonAndReadsTheBodyAsAValue()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200, """{"id":7}""", ("Content-Type", "application/json")));
        var row = await _user.RunGraphAsync(
            $$"""('SELECT ''O''''Neil'' AS name' |=> 'x') ~> (df.http_json('{{server.Url}}/', 'POST', '{"name":"$x.name"}') |=> 'r') ~> """
                + """'SELECT $r.body::json AS body'""");

        Assert.Equal(7, row.GetProperty("body").GetProperty("id").GetInt32());
        Assert.Equal("""{"name":"O'Neil"}""", server.Request.Text);
    }
}
