using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Requests with credentials out of user mappings: what arrives, what is refused, and that nothing of them stays.</summary>
public sealed partial class HttpEndpointTests : IAsyncLifetime
{
    private const string Canary = "Canary7secret";
    private PgCluster _cluster = null!;
    private TestUser _user = null!;
    private TestServer _server = null!;
    private WorkerProcess _worker = null!;
    private X509Certificate2 _certificate = null!;
    private string _trust = null!;

    public async Task InitializeAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        _trust = Path.GetTempFileName();
        await File.WriteAllTextAsync(_trust, _certificate.ExportCertificatePem());

        _cluster = await Clusters.WithExtensionAsync(worker: false,
            ("pg_durable.http_allowed_hosts", "localhost"), ("pg_durable.http_allow_private_addresses", "on"),
            ("log_min_duration_statement", "0"));
        _user = await TestUser.CreateAsync(_cluster);
        await _cluster.ExecuteAsync($"SELECT df.grant_usage('{_user.Role}', include_http => true)");
        _worker = await WorkerProcess.StartAsync(_cluster, ("SSL_CERT_FILE", _trust), ("PG_DURABLE_LOG_LEVEL", "Debug"));
        _server = await TestServer.StartAsync(TestServer.Status(200, "fine"), _certificate);
    }

    public async Task DisposeAsync()
    {
        _worker.Dispose();
        await _server.DisposeAsync();
        await _user.DisposeAsync();
        await _cluster.DisposeAsync();
        _certificate.Dispose();
        File.Delete(_trust);
    }

    private string BaseUrl => $"https://localhost:{_server.Port}/v1/";

    private Task ServerAsync(string name, string scheme, string mapping, string more = "") => _cluster.ExecuteAsync($"""
        CREATE SERVER {name} FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (auth_scheme '{scheme}', base_url '{BaseUrl}'{more});
        GRANT USAGE ON FOREIGN SERVER {name} TO {_user.Role};
        CREATE USER MAPPING FOR {_user.Role} SERVER {name} OPTIONS ({mapping});
        """);

    private async Task<ReceivedRequest> SentAsync(string node)
    {
        var before = _server.Requests.Count;
        await _user.ResultAsync(await _user.StartGraphAsync(node));
        return Assert.Single(_server.Requests.Skip(before));
    }

    private async Task<string> RefusedAsync(string node)
    {
        var before = _server.Requests.Count;
        var error = await _user.ErrorAsync(await _user.StartGraphAsync(node));
        Assert.Equal(before, _server.Requests.Count);
        var message = error.GetProperty("message").GetString()!;
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
        return message;
    }

    // Section 3.4: each scheme's credential, and where it goes.
    [Fact]
    public async Task Endpoint_GetsItsCredential()
    {
        await ServerAsync("bearer", "bearer", $"token '{Canary}'");
        await ServerAsync("header", "header", $"header_value '{Canary} x'", ", header_name 'X-Key'");
        await ServerAsync("query", "query", $"query_string '?sig={Canary}&se=1%202'");
        await _cluster.ExecuteAsync("CREATE SERVER open FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (auth_scheme 'none', "
            + $"base_url 'https://localhost:{_server.Port}'); GRANT USAGE ON FOREIGN SERVER open TO {_user.Role}");

        var bearer = await SentAsync("('SELECT ''a/b'' AS v' |=> 'x') ~> df.http(df.endpoint('bearer', '/items/$x.v/z?y=1'), 'GET')");
        Assert.Equal(("/v1/items/a/b/z?y=1", "Bearer " + Canary), (bearer.Url, bearer.Headers["Authorization"]));
        var header =
            await SentAsync("df.http_multipart(df.endpoint('header', '/upload'), parts => '[{\"name\": \"a\", \"data_b64\": \"aGk=\"}]')");
        Assert.Equal(("/v1/upload", Canary + " x"), (header.Url, header.Headers["X-Key"]));
        Assert.Equal($"/v1/q?y=1&sig={Canary}&se=1%202", (await SentAsync("df.http(df.endpoint('query', '/q?y=1'), 'GET')")).Url);
        Assert.Equal($"/v1/q?sig={Canary}&se=1%202", (await SentAsync("df.http(df.endpoint('query', '/q'), 'GET')")).Url);
        Assert.Equal("/q", (await SentAsync("df.http(df.endpoint('open', '/q'), 'GET')")).Url);
    }

    [Fact]
    public async Task Endpoint_RotatedCredential_IsUsedByTheNextAttempt()
    {
        await ServerAsync("api", "bearer", "token 'old'");
        var rotate = new TaskCompletionSource();
        var first = true;
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (first)
            {
                first = false;
                await _cluster.ExecuteAsync($"ALTER USER MAPPING FOR {_user.Role} SERVER api OPTIONS (SET token 'new')");
                context.Response.StatusCode = 503;
                rotate.SetResult();
            }
        }, _certificate);
        await _cluster.ExecuteAsync($"ALTER SERVER api OPTIONS (SET base_url 'https://localhost:{server.Port}')");
        await _user.RunGraphToEndAsync("df.http(df.endpoint('api', '/'), 'GET')");
        await rotate.Task;
        Assert.Equal(["Bearer old", "Bearer new"], server.Requests.Select(request => request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Endpoint_ThatMayNotBeUsed_SendsNothing()
    {
        const string Get = "df.http(df.endpoint('api', '/a'), 'GET')";
        Assert.Equal("Endpoint server does not exist", await RefusedAsync(Get));
        await _cluster.ExecuteAsync("CREATE FOREIGN DATA WRAPPER others; CREATE SERVER api FOREIGN DATA WRAPPER others");
        Assert.Equal("Endpoint server must use pg_durable_fdw", await RefusedAsync(Get));
        await _cluster.ExecuteAsync("DROP SERVER api; CREATE SERVER api FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (auth_scheme 'bearer', "
            + $"base_url '{BaseUrl}'); CREATE USER MAPPING FOR PUBLIC SERVER api OPTIONS (token 'x')");
        Assert.Equal("Permission denied: endpoint server USAGE is required", await RefusedAsync(Get));
        await _cluster.ExecuteAsync($"GRANT USAGE ON FOREIGN SERVER api TO {_user.Role}");
        Assert.Equal("Endpoint user mapping for the submitting role is required; PUBLIC mappings are unsupported", await RefusedAsync(Get));
        await _cluster.ExecuteAsync($"CREATE USER MAPPING FOR {_user.Role} SERVER api OPTIONS (\"secret.k\" '{Canary}')");
        Assert.Equal("Endpoint option 'token' is required and must not be empty", await RefusedAsync(Get));
        await _cluster.ExecuteAsync($"ALTER USER MAPPING FOR {_user.Role} SERVER api OPTIONS (ADD token '{Canary}')");
        Assert.Equal("Request headers cannot override endpoint routing or authentication",
            await RefusedAsync("df.http(df.endpoint('api', '/a'), 'GET', headers => '{\"authorization\": \"x\"}')"));
        Assert.Equal("Request headers cannot override endpoint routing or authentication",
            await RefusedAsync("df.http(df.endpoint('api', '/a'), 'GET', headers => '{\"Host\": \"x\"}')"));
        Assert.Equal("Endpoint path cannot contain traversal segments or encoded separators",
            await RefusedAsync("('SELECT ''..'' AS v' |=> 'x') ~> df.http(df.endpoint('api', '/$x.v/a'), 'GET')"));
        await _cluster.ExecuteAsync($"REVOKE EXECUTE ON FUNCTION df.http(df.http_endpoint, text, text, jsonb, integer) FROM {_user.Role}");
        var refused = await RefusedAsync("""'{"node_type":"HTTP","query":"{\"url\":\"/a\",\"endpoint\":\"api\"}"}'""");
        Assert.Contains("does not have EXECUTE privilege on df.http()", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_OfAHostThatIsNotAllowed_IsRefused()
    {
        await ServerAsync("api", "query", $"query_string 'sig={Canary}'");
        await _cluster.ExecuteAsync("ALTER SERVER api OPTIONS (SET base_url 'https://example.org')");
        Assert.Contains("is not in the allowed endpoint list", await RefusedAsync("df.http(df.endpoint('api', '/a'), 'GET')"),
            StringComparison.Ordinal);
        await _cluster.ExecuteAsync($"ALTER SERVER api OPTIONS (SET base_url '{BaseUrl}')");
        Assert.Equal("Request query cannot override endpoint credential parameters",
            await RefusedAsync("df.http(df.endpoint('api', '/a?%73ig=x'), 'GET')"));
    }

    // Section 3.5: bindings name a credential and not a destination.
    [Fact]
    public async Task SecretBindings_ArriveWhereTheyAreBound()
    {
        await _cluster.ExecuteAsync($"""
            CREATE SERVER vault FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (auth_scheme 'none');
            GRANT USAGE ON FOREIGN SERVER vault TO {_user.Role};
            CREATE USER MAPPING FOR {_user.Role} SERVER vault
                OPTIONS ("secret.a" '{Canary}', "secret.b" 'ä &=', "secret.c" '', "secret.broken" E'a\nb');
            """);
        string With(string http, string options) => $"df.with_http_options({http}, '{options}')";
        var get = $"df.http('https://localhost:{_server.Port}/x?y=1', 'GET')";

        var request = await SentAsync(With(
            get, """{"secret_bindings": {"headers": {"Authorization": {"server": "vault", "key": "a", "prefix": "Bearer "}}, "query": """
                + """{"z": {"server": "vault", "key": "b"}, "b": {"server": "vault", "key": "c"}}}}"""));
        Assert.Equal(("/x?y=1&b=&z=%C3%A4+%26%3D", "Bearer " + Canary), (request.Url, request.Headers["Authorization"]));

        var form = await SentAsync(With($"df.http('https://localhost:{_server.Port}/form')",
            """{"form_fields": {"b": "$missing {missing}", "z": "x y"}, "secret_bindings": {"form": {"c": """
                + """{"server": "vault", "key": "a"}}}}"""));
        Assert.Equal(("b=%24missing+%7Bmissing%7D&c=" + Canary + "&z=x+y", "application/x-www-form-urlencoded"),
            (form.Text, form.Headers["Content-Type"]));

        Assert.Equal("Referenced secret key is missing", await RefusedAsync(
            With(get, """{"secret_bindings": {"query": {"z": {"server": "vault", "key": "nothing"}}}}""")));
        Assert.Equal("Secret binding conflicts with an existing query parameter",
            await RefusedAsync(With(get, """{"secret_bindings": {"query": {"y": {"server": "vault", "key": "a"}}}}""")));
        Assert.Equal("Resolved secret is not a valid HTTP header value", await RefusedAsync(
            With(get, """{"secret_bindings": {"headers": {"A": {"server": "vault", "key": "broken"}}}}""")));
        Assert.Equal("Secret bindings conflict with ordinary request headers or Host",
            await RefusedAsync(With($"df.http('https://localhost:{_server.Port}/x', headers => '{{\"A\": \"b\"}}')",
                """{"secret_bindings": {"headers": {"a": {"server": "vault", "key": "a"}}}}""")));
        Assert.Contains("bare IP", await RefusedAsync(With("df.http('https://127.0.0.1/')",
            """{"secret_bindings": {"headers": {"A": {"server": "nowhere", "key": "a"}}}}""")), StringComparison.Ordinal);
        // Without meaning anywhere else.
        Assert.Equal(
            "${secret:vault/a}", (await SentAsync($"df.http('https://localhost:{_server.Port}/', body => '${{secret:vault/a}}')")).Text);
    }

    // Section 3.6: nothing that the run writes has a credential.
    [Fact]
    [Trait("Needs", "pg_dump")]
    public async Task Credentials_AreFoundNowhereAfterTheRun()
    {
        await ServerAsync("bearer", "bearer", $"token '{Canary}', \"secret.k\" '{Canary}'");
        await ServerAsync("query", "query", $"query_string 'sig={Canary}'");
        await _cluster.ExecuteAsync("VACUUM FREEZE pg_user_mapping");
        await _cluster.ExecuteAsync("CHECKPOINT");
        await _cluster.ExecuteAsync("SELECT pg_switch_wal()");
        var begin = await _cluster.ScalarAsync<string>("SELECT pg_current_wal_lsn()::text");
        var log = (await _cluster.LogAsync()).Length;

        var bound = """{"secret_bindings": {"query": {"k": {"server": "bearer", "key": "k"}}, "headers": {"X-K": """
            + """{"server": "bearer", "key": "k"}}, "form": {"f": {"server": "bearer", "key": "k"}}}}""";
        foreach (var node in (string[])[
            "df.http(df.endpoint('bearer', '/a'), 'GET')", "df.http(df.endpoint('query', '/a'), 'GET')",
            $"df.with_http_options(df.http('https://localhost:{_server.Port}/'), '{bound}')"])
            Assert.NotNull(await SentAsync(node));
        await using (var failing = await TestServer.StartAsync(TestServer.Status(500, "no"), _certificate))
        {
            await _cluster.ExecuteAsync($"ALTER SERVER query OPTIONS (SET base_url 'https://localhost:{failing.Port}')");
            var error = await _user.ErrorAsync(await _user.StartGraphAsync("df.retry(df.http(df.endpoint('query', '/a'), 'GET'), 1)"));
            Assert.Contains("/a?sig=<redacted> returned 500", error.GetProperty("message").GetString(), StringComparison.Ordinal);
            var again = await _user.ErrorAsync(
                await _user.StartGraphAsync($"df.retry(df.with_http_options(df.http('https://localhost:{failing.Port}/'), '{bound}'), 1)"));
            Assert.Contains("/?k=<redacted> returned 500", again.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.All(_server.Requests, request =>
            Assert.Contains(Canary, request.Url + request.Text + string.Join(' ', request.Headers.Values), StringComparison.Ordinal));
        // The mapping's own row is PostgreSQL's; of the rest, everything.
        var dump = await _cluster.RunProgramAsync("pg_dump", "--inserts");
        Assert.Contains("INSERT INTO df.checkpoints", dump, StringComparison.Ordinal);
        Assert.All(dump.Split('\n').Where(line => line.Contains(Canary, StringComparison.Ordinal)), line =>
            Assert.Matches(@"^    ("".*""|token|query_string) '", line));
        var end = await _cluster.ScalarAsync<string>("SELECT pg_switch_wal()::text");
        Assert.NotEqual(begin, end);
        // A segment that was used before has old bytes behind the new ones, so only what is between the two places counts.
        await Assert.AllAsync(
            Segments(begin, end), async segment => Assert.Equal(-1, (await segment).IndexOf(Canary, StringComparison.Ordinal)));
        Assert.DoesNotContain(Canary, (await _cluster.LogAsync())[log..], StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, _worker.Output, StringComparison.Ordinal);
        Assert.Contains("completed", _worker.Output, StringComparison.Ordinal);
    }
}
