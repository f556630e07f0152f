using System.Text.Json;
using Npgsql;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Responses that go into a table of the role's, and what is kept of others.</summary>
public sealed class HttpSinkTests : IAsyncLifetime
{
    private const string Canary = "canary-of-the-body";
    private PgCluster _cluster = null!;
    private TestUser _user = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.WithExtensionAsync(worker: true,
            ("pg_durable.http_allowed_hosts", "127.0.0.1"), ("pg_durable.http_allow_private_addresses", "on"));
        _user = await TestUser.CreateAsync(_cluster);
        await _cluster.ExecuteAsync($"SELECT df.grant_usage('{_user.Role}', include_http => true)");
        await _user.ExecuteAsync($"CREATE TABLE {_user.Schema}.bodies (sink_key uuid, body bytea, by name DEFAULT current_user)");
        _server = await TestServer.StartAsync(TestServer.Status(200, Canary, ("X-Kept", "yes"), ("X-Other", "no")));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _user.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private string Request(string options, string? url = null) =>
        $"df.with_http_options(df.http('{url ?? _server.Url + "/"}', 'GET'), '{options}')";

    private string Sink(string table = "bodies") => Request($$"""{"response": "sink", "into": "{{_user.Schema}}.{{table}}"}""");

    private async Task<JsonElement> AnswerAsync(string node) => await _user.ResultAsync(await _user.StartGraphAsync(node));

    private async Task<JsonElement> FailAsync(string node) => await _user.ErrorAsync(await _user.StartGraphAsync(node));

    // The database orders them in its own way.
    private static string[] Names(JsonElement element) =>
        [.. element.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    /// <summary>Nothing that the database keeps of instances has the body.</summary>
    private async Task AssertNotStoredAsync()
    {
        foreach (var table in new[] { "checkpoints", "outcomes", "queue", "submissions", "graphs", "nodes", "instances" })
            Assert.Equal(0L, await _cluster.ScalarAsync<long>($"SELECT count(*) FROM df.{table} t WHERE t::text LIKE '%{Canary}%'"));
    }

    // Section 2.3: the envelope of each mode.
    [Theory]
    [InlineData("inline", "status body encoding headers ok duration_ms")]
    [InlineData("metadata", "status headers ok duration_ms bytes sha256")]
    [InlineData("discard", "status headers ok duration_ms bytes")]
    public async Task Response_KeepsWhatItsModeSays(string mode, string members)
    {
        var answer = await AnswerAsync(Request($$"""{"response": "{{mode}}", "response_headers": ["X-KEPT"]}"""));

        Assert.Equal(members.Split(' ').Order(StringComparer.Ordinal), Names(answer));
        Assert.Equal(["x-kept"], Names(answer.GetProperty("headers")));
        if (answer.TryGetProperty("bytes", out var bytes))
            Assert.Equal(Canary.Length, bytes.GetInt32());
        if (answer.TryGetProperty("sha256", out var digest))
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Canary))),
                digest.GetString());
        if (mode != "inline")
            await AssertNotStoredAsync();
    }

    [Fact]
    public async Task Response_ThatIsAFailure_ShowsNothingOfTheBodyInOtherModes()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(500, Canary));
        foreach (var (mode, shown) in ((string, string)[])[
            ("inline", Canary), ("metadata", "response body omitted"), ("discard", "response body omitted")])
        {
            var error = await FailAsync($"df.retry({Request($$"""{"response": "{{mode}}"}""", server.Url)}, 1)");
            Assert.Contains(shown, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        var omitted = await FailAsync($"df.retry({Sink().Replace(_server.Url, server.Url, StringComparison.Ordinal)}, 1)");
        Assert.Contains("response body omitted", omitted.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await _user.CountAsync("bodies"));
    }

    [Fact]
    public async Task Limits_OfTheStep_AreNamedInItsError()
    {
        Assert.Equal(200, (await AnswerAsync(Request($$"""{"max_response_bytes": {{Canary.Length}}}"""))).GetProperty("status").GetInt32());
        Assert.Contains("max_response_bytes", (await FailAsync(Request($$"""{"max_response_bytes": {{Canary.Length - 1}}}""")))
            .GetProperty("message").GetString(), StringComparison.Ordinal);
        var sent = _server.Requests.Count;
        var grown = await FailAsync($"('SELECT ''12345'' AS v' |=> 'x') ~> df.with_http_options(df.http('{_server.Url}', body => '$x'), "
            + $"'{{\"max_request_bytes\": 4}}')");
        Assert.Contains("max_request_bytes", grown.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(sent, _server.Requests.Count);
        var literal = await Assert.ThrowsAsync<PostgresException>(() => _user.StartAsync(
            $$"""{"node_type":"HTTP","query":"{\"url\":\"{{_server.Url}}\",\"body\":\"12345\",\"max_request_bytes\":4}"}"""));
        Assert.Contains("max_request_bytes", literal.MessageText, StringComparison.Ordinal);
        Assert.Equal(3L, await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.submissions"));
    }

    [Fact]
    public async Task Sink_HoldsTheBody_AndTheResultSaysWhere()
    {
        var answer = await AnswerAsync(Sink());
        Assert.Equal(["bytes", "duration_ms", "headers", "ok", "sha256", "sink", "sink_database", "sink_key", "status"], Names(answer));
        Assert.Equal(
            ($"{_user.Schema}.bodies", "postgres"),
            (answer.GetProperty("sink").GetString(), answer.GetProperty("sink_database").GetString()));
        Assert.Equal(Canary, await _user.ScalarAsync<string>(
            $"SELECT convert_from(body, 'UTF8') FROM {_user.Schema}.bodies WHERE sink_key = $1 AND by = $2",
            answer.GetProperty("sink_key").GetGuid(), _user.Role));
        await AssertNotStoredAsync();
    }

    [Fact]
    public async Task Sink_IsReadByTheNextStep_AndWrittenByItsOwnKey()
    {
        var row = await _user.RunGraphAsync(
            $"({Sink()} |=> 'p') ~> 'SELECT convert_from(body, ''UTF8'') AS body FROM {_user.Schema}.bodies "
                + "WHERE sink_key = $p.sink_key::uuid'");
        Assert.Equal(Canary, row.GetProperty("body").GetString());
        await _user.RunGraphToEndAsync($"df.join({Sink()}, {Sink()})");
        Assert.Equal(3L, await _cluster.ScalarAsync<long>($"SELECT count(DISTINCT sink_key) FROM {_user.Schema}.bodies"));
    }

    // Better than at least once: the row and the checkpoint are one transaction.
    [Fact]
    public async Task Sink_RowAndCheckpoint_AreOneTransaction()
    {
        var answer = await AnswerAsync($"{Sink()} ~> 'SELECT 1'");
        Assert.True(answer.TryGetProperty("rows", out _));
        Assert.True(await _cluster.ScalarAsync<bool>(
            $"SELECT b.xmin = c.xmin FROM {_user.Schema}.bodies b, df.checkpoints c JOIN df.submissions s USING (instance_no) "
                + "WHERE c.result::text LIKE '%sink_key%'"));
    }

    [Fact]
    public async Task Sink_InAnotherDatabase_IsWrittenThere()
    {
        await _cluster.ExecuteAsync("CREATE DATABASE other");
        await _cluster.ExecuteAsync($"CREATE SCHEMA {_user.Schema} AUTHORIZATION {_user.Role}; CREATE TABLE {_user.Schema}.bodies "
            + $"(sink_key uuid, body bytea); ALTER TABLE {_user.Schema}.bodies OWNER TO {_user.Role}", "other");
        var answer = await _user.ResultAsync(await _user.ScalarAsync<string>($"SELECT df.start({Sink()}, database => 'other')"));
        Assert.Equal("other", answer.GetProperty("sink_database").GetString());
        Assert.Equal(Canary, await _cluster.ScalarAsync<string>($"SELECT convert_from(body, 'UTF8') FROM {_user.Schema}.bodies "
            + $"WHERE sink_key = '{answer.GetProperty("sink_key").GetString()}'", "other"));
        await AssertNotStoredAsync();
    }

    [Theory]
    [InlineData("CREATE UNLOGGED TABLE bad (sink_key uuid, body bytea)", "requires a permanent table", "DF018")]
    [InlineData("CREATE VIEW bad AS SELECT sink_key, body FROM bodies", "requires a permanent table", "DF018")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea) PARTITION BY LIST (sink_key); "
        + "CREATE UNLOGGED TABLE part PARTITION OF bad DEFAULT", "not durable", "DF018")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea); CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql "
        + "AS 'BEGIN NEW.body := ''\\x00''; RETURN NEW; END'; "
        + "CREATE TRIGGER t BEFORE INSERT ON bad FOR EACH ROW EXECUTE FUNCTION change()",
        "key or body was changed", "DF018")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea); CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql "
        + "AS 'BEGIN NEW.sink_key := gen_random_uuid(); RETURN NEW; END'; "
        + "CREATE TRIGGER t BEFORE INSERT ON bad FOR EACH ROW EXECUTE FUNCTION change()",
        "key or body was changed", "DF018")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea); CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql "
        + "AS 'BEGIN RETURN NULL; END'; "
        + "CREATE TRIGGER t BEFORE INSERT ON bad FOR EACH ROW EXECUTE FUNCTION skip()",
        "did not insert exactly one row", "DF018")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea); ALTER TABLE bad ENABLE ROW LEVEL SECURITY; "
        + "ALTER TABLE bad FORCE ROW LEVEL SECURITY; CREATE POLICY w ON bad FOR INSERT WITH CHECK (true); "
        + "CREATE POLICY r ON bad FOR SELECT USING (false)",
        "row is missing", "DF018")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea CHECK (length(body) < 3))", "SQLSTATE 23514", "23514")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea); CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql "
        + "AS 'BEGIN RAISE EXCEPTION ''%'', convert_from(NEW.body, ''UTF8''); END'; "
        + "CREATE TRIGGER t BEFORE INSERT ON bad FOR EACH ROW EXECUTE FUNCTION fail()",
        "SQLSTATE P0001", "P0001")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea); CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql "
        + "AS 'BEGIN RAISE EXCEPTION ''%'', convert_from(NEW.body, ''UTF8''); END'; "
        + "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON bad INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()",
        "SQLSTATE P0001", "P0001")]
    [InlineData("CREATE TABLE bad (sink_key uuid, body bytea); REVOKE INSERT ON bad FROM current_user", "SQLSTATE 42501", "42501")]
    [InlineData("SELECT 1", "SQLSTATE 42P01", "42P01")]
    public async Task Sink_ThatDoesNotTakeTheRow_FailsTheStepWithoutTheBody(string prepare, string fragment, string sqlState)
    {
        await _user.ExecuteAsync($"SET search_path = {_user.Schema}");
        await _user.ExecuteAsync(prepare);
        var error = await FailAsync(Sink("bad"));
        var message = error.GetProperty("message").GetString();
        Assert.Contains("HTTP response sink", message, StringComparison.Ordinal);
        Assert.Contains(fragment, message, StringComparison.Ordinal);
        Assert.Equal(sqlState, error.GetProperty("sqlstate").GetString());
        Assert.Single(_server.Requests); // it is not the server's fault
        await AssertNotStoredAsync();
        // The worker's other steps are none the worse for it.
        Assert.Equal(200, (await AnswerAsync(Sink())).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Sink_ThatIsLockedForEver_FailsTheStep()
    {
        await using var holder = await _user.ConnectAsync();
        await using (var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {_user.Schema}.bodies", holder))
            await command.ExecuteNonQueryAsync();
        var id = await _user.StartGraphAsync(Sink());
        await Poll.UntilAsync("the instance has failed", async () =>
            await _user.ScalarAsync<string>("SELECT df.status($1)", id) == "failed", TimeSpan.FromMinutes(2));
        Assert.Contains("HTTP response sink", (await _user.ErrorAsync(id)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sink_LogHasNothingOfTheBody()
    {
        await FailAsync(Sink("missing"));
        await AnswerAsync(Sink());
        var log = await _cluster.LogAsync();
        Assert.DoesNotContain(Canary, log, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(Canary)), log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sink_WithTheRolesOwnSearchPathAndFunctions_IsStillTheRoles()
    {
        // Whatever its names mean to the role, the row is its own and the checkpoint is right.
        await _cluster.ExecuteAsync(
            $"ALTER ROLE {_user.Role} SET search_path = {_user.Schema}; ALTER ROLE {_user.Role} SET synchronous_commit = off");
        await _user.ExecuteAsync($"""
            CREATE FUNCTION {_user.Schema}.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea';
            CREATE FUNCTION {_user.Schema}.eq(bytea, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT false';
            CREATE OPERATOR {_user.Schema}.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = {_user.Schema}.eq);
            """);
        Assert.Equal(200, (await AnswerAsync(Sink())).GetProperty("status").GetInt32());
    }
}
