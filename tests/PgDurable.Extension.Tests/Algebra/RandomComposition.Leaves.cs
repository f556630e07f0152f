using System.Text.Json.Nodes;

namespace PgDurable.Extension.Tests.Algebra;

internal sealed partial class RandomComposition
{
    private Composed Leaf() => _random.Next(16) switch
    {
        0 => Sleep(),
        1 => Schedule(),
        2 => Signal(),
        3 => Break(),
        4 => Fail(),
        5 => Call(),
        6 => Http(),
        7 => HttpJson(),
        8 => HttpMultipart(),
        10 => HttpAtEndpoint(),
        11 => HttpWithOptions(),
        9 => Sql(),
        _ => Step(),
    };

    private Composed Sql()
    {
        var text = _texts.Text();
        return new($"df.sql({Quote(text)})", () => Df.Sql(text));
    }

    /// <summary>Plain text, which the composers around it turn into a step.</summary>
    private Composed Step()
    {
        var text = Erring(
            () => _texts.Text() is var good && good == "OK" ? "ok" : good,
            "OK", """{"node_type":"sql","query":"a"}""", """{"node_type":"SQL","query":5}""",
            """ {"node_type":"THEN","left_node":"a","right_node":"b"}""",
            """{"node_type":"JOIN","extra_nodes":["a"]}""", """{"node_type":"LOOP","condition_node":"a"}""",
            """{"node_type":"SQL","result_name":1}""",
            """{"node_type":"SQL","query":"a","query":"b"}""", """{"condition": "c", "_partial_if": true, "then_branch": "a"}""",
            """{"node_type":""}""", """{"node_type":"SQL'"}""");
        return new(Quote(text), () => text);
    }

    private Composed Sleep()
    {
        var seconds = Erring<decimal>(
            () => OneIn(3)
                ? _random.NextInt64(31_536_000_000_000) / 1000m
                : OneIn(2) ? _random.Next(100) : _random.NextInt64(31_536_000_001),
            -1, -0.001m, 31_536_000_001, long.MaxValue);
        return new($"df.sleep({Text(seconds)})", () => Df.Sleep(seconds));
    }

    private Composed Schedule()
    {
        var cron = Erring(
            () => _texts.Pick(
                "* * * * *", "*/5 * * * *", " 0 9 * * MON-FRI\n", "0\t0 1,15 jan-Mar ?", "@daily", "@yearly",
                "5/15 3 ? 12 fri-sun", "0-59/10 * 31 * *",
                "0 0 * february 0,7", "1,2,3-5/2 23 1 1 1"),
            "", "* * * *", "* * * * * *", "@never", "@Daily", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
            "10-5 * * * *", "*/0 * * * *", "*/61 * * * *", "* * * foo *",
            "* * * * tues", "? * * * *", "1,,2 * * * *", "1- * * * *", "a-b * * * *", "* * * * sun-mon-tue", "1234567890 * * * *",
            "* * 1-x * *", "*/1234567890 * * * *", "-1 * * * *", "it's * * * *");
        var zone = OneIn(2) ? null : Erring(
            () => _texts.Pick("UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "GMT"),
            "Mars/Olympus", "utc", "europe/paris", "posix/Europe/Paris", "localtime", "Factory", "CEST");
        return OneIn(3) && zone is null
            ? new($"df.wait_for_schedule({Quote(cron)})", () => Df.WaitForSchedule(cron))
            : new($"df.wait_for_schedule({Quote(cron)}, {(zone is null ? "NULL" : Quote(zone))})", () => Df.WaitForSchedule(cron, zone));
    }

    private Composed Signal()
    {
        var name = Erring(_texts.Word, "");
        int? timeout = OneIn(2) ? null : Erring(() => _random.Next(1, int.MaxValue), 0, -5);
        return timeout is null
            ? new($"df.wait_for_signal({Quote(name)})", () => Df.WaitForSignal(name))
            : new($"df.wait_for_signal({Quote(name)}, timeout_seconds => {Text(timeout)})", () => Df.WaitForSignal(name, timeout));
    }

    private Composed Break()
    {
        var value = _texts.Text();
        return OneIn(3) ? new("df.break()", () => Df.Break()) : new($"df.break({Quote(value)})", () => Df.Break(value));
    }

    private Composed Fail()
    {
        var message = _texts.Text();
        var state = Erring(() => _texts.Pick("AB001", "57014", "DF006"), "", "ab001", "AB01", "AB0012", "AB001\n");
        return OneIn(2)
            ? new($"df.fail({Quote(message)})", () => Df.Fail(message))
            : new($"df.fail(message => {Quote(message)}, sqlstate => {Quote(state)})", () => Df.Fail(message, state));
    }

    private Composed Call()
    {
        var name = Erring(_texts.Word, "");
        int? version = OneIn(2) ? null : Erring(() => _random.Next(1, int.MaxValue), 0, -1);
        if (OneIn(3))
            return new($"df.call({Quote(name)}, version => {Text(version)})", () => Df.Call(name, version: version));
        var input = _texts.Json();
        return new($"df.call({Quote(name)}, {Quote(input)}, {Text(version)})", () => Df.Call(name, JsonNode.Parse(input), version));
    }

    private string Url() => Erring(
        () => _texts.Pick("http://", "https://", "HTTPS://", "{base}/", "x://{") + "example.com/" + _texts.Text(),
        "", "ftp://example.com", "example.com", "$url", "File:///etc/passwd", "http:/example.com");

    private Dictionary<string, string>? Headers() => OneIn(2)
        ? null
        : Enumerable.Range(0, _random.Next(4))
            .Select(_ => _texts.Word()).Distinct(StringComparer.Ordinal).ToDictionary(name => name, _ => _texts.Text());

    private string HeadersSql(Dictionary<string, string>? headers) =>
        headers is null ? "NULL" : Quote(System.Text.Json.JsonSerializer.Serialize(headers)) + _texts.Pick("", "::jsonb");

    private Composed Http()
    {
        var (url, headers) = (Url(), Headers());
        var method = Erring(() => _texts.Pick("GET", "post", "Put", "DELETE", "patch"), "HEAD", "options", "");
        var body = OneIn(2) ? null : _texts.Text();
        var timeout = Erring(() => _random.Next(1, int.MaxValue), 0, -30);
        return _random.Next(3) switch
        {
            0 => new($"df.http({Quote(url)})", () => Df.Http(url)),
            1 => new($"df.http({Quote(url)}, {Quote(method)}, timeout_seconds => {Text(timeout)})", () =>
                Df.Http(url, method, timeoutSeconds: timeout)),
            _ => new(
                $"df.http({Quote(url)}, {Quote(method)}, {(body is null ? "NULL" : Quote(body))}, {HeadersSql(headers)}, {Text(timeout)})",
                () => Df.Http(url, method, body, headers, timeout)),
        };
    }

    private Composed HttpJson()
    {
        var (url, headers, body) = (Url(), Headers(), _texts.Json());
        var method = Erring(() => _texts.Pick("GET", "POST", "pUt"), "HEAD");
        return OneIn(3)
            ? new($"df.http_json({Quote(url)}, headers => {HeadersSql(headers)})", () => Df.HttpJson(url, headers: headers))
            : new($"df.http_json({Quote(url)}, {Quote(method)}, {Quote(body)}, {HeadersSql(headers)})", () =>
                Df.HttpJson(url, method, JsonNode.Parse(body), headers));
    }

    private Composed HttpMultipart()
    {
        var (url, headers) = (Url(), Headers());
        var method = Erring(() => _texts.Pick("POST", "put", "PATCH"), "GET", "delete", "x'");
        var parts = Errs()
            ? []
            : Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new DfPart(_texts.Text(), _texts.Pick("aGk=", "$file.data"))
            {
                FileName = OneIn(2) ? null : _texts.Text(),
                ContentType = OneIn(2) ? null : "text/plain",
            }).ToArray();
        var json = new JsonArray([.. parts.Select(part =>
        {
            var item = new JsonObject { ["data_b64"] = part.DataBase64 };
            if (part.ContentType is not null) item["content_type"] = part.ContentType;
            item["name"] = part.Name;
            if (part.FileName is not null) item["filename"] = part.FileName;
            return item;
        })]).ToJsonString();
        return new(
            $"df.http_multipart({Quote(url)}, {Quote(method)}, {Quote(json)}, headers => {HeadersSql(headers)})",
            () => Df.HttpMultipart(url, parts, method, headers));
    }

    private DfEndpoint Endpoint() => new(Erring(() => _texts.Pick("crm", "O'Neil's", "$x"), ""),
        Erring(() => _texts.Pick("/", "/a/$x.b", "/{v}?q=../x"), "", "a", "//a", "/a b", "/../a", "/%2e./a", "/a%2Fb", "/a#b"));

    private Composed HttpAtEndpoint()
    {
        var (endpoint, headers) = (Endpoint(), Headers());
        var sql = $"df.endpoint({Quote(endpoint.Server)}, {Quote(endpoint.Path)})";
        return OneIn(2)
            ? new($"df.http({sql}, 'GET', headers => {HeadersSql(headers)})", () => Df.Http(endpoint, "GET", headers: headers))
            : new($"df.http_json({sql}, body => '{{\"a\": 1}}')", () => Df.HttpJson(endpoint, body: new JsonObject { ["a"] = 1 }));
    }

    /// <summary>Random options, in any order, with their mistakes.</summary>
    private Composed HttpWithOptions()
    {
        var request = OneIn(4) ? HttpAtEndpoint() : Http();
        var options = new HttpOptions();
        var sql = new JsonObject();
        if (OneIn(3))
            sql["max_response_bytes"] = (options = options with { MaxResponseBytes = Erring(() => _random.Next(), -1) }).MaxResponseBytes;
        if (OneIn(3))
            sql["max_request_bytes"] = (options = options with { MaxRequestBytes = Erring(() => 1_000_000, 0) }).MaxRequestBytes;
        if (OneIn(3))
        {
            var mode = _texts.Pick(HttpResponseMode.Metadata, HttpResponseMode.Discard, HttpResponseMode.Sink);
            options = options with { Response = mode };
            sql["response"] = mode.ToString().ToLowerInvariant();
        }
        if (options.Response == HttpResponseMode.Sink != Errs())
        {
            options = options with
            {
                Into = Erring(() => _texts.Pick("a.b", "\"A b\".\"c\"\"d\"", " a_1 . b$ "), "a", "a.b.c", "a.", "\"\".b", "1.b", "a.b;"),
            };
            sql["into"] = options.Into;
        }
        if (OneIn(3))
        {
            string[] names = Erring(() => _texts.Pick<string[]>(["ETag"], [], ["a", "B"]), ["a b"], [""]);
            options = options with { ResponseHeaders = names };
            sql["response_headers"] = new JsonArray([.. names.Select(name => (JsonNode)name)]);
        }
        if (OneIn(3))
        {
            var name = Erring(() => _texts.Pick("Authorization", "x-key"), "Host", "te", "a b");
            var secret = new Secret(Erring(() => "vault", ""), Erring(() => "a key", "", "a=b"))
            {
                Prefix = Erring(() => _texts.Pick("", "Bearer "), "ä"),
            };
            options = options with { SecretHeaders = new Dictionary<string, Secret> { [name] = secret } };
            var reference = new JsonObject { ["server"] = secret.Server, ["key"] = secret.Key };
            if (secret.Prefix.Length > 0)
                reference["prefix"] = secret.Prefix;
            sql["secret_bindings"] = new JsonObject { ["headers"] = new JsonObject { [name] = reference } };
        }
        if (OneIn(4))
        {
            var field = Erring(() => _texts.Pick("a", "$b {c}"), "");
            options = options with { FormFields = new Dictionary<string, string> { [field] = "$x {y}" } };
            sql["form_fields"] = new JsonObject { [field] = "$x {y}" };
        }
        return new($"df.with_http_options({request.Sql}, {Quote(sql.ToJsonString())})", () => Df.WithHttpOptions(request.Build(), options));
    }
}
