using System.Text.Json.Nodes;

namespace PgDurable.Sdk.Tests.Algebra;

/// <summary>The result of each composer. Tests with a server show that PostgreSQL returns the same (SameInSqlTests).</summary>
public sealed class DfTests
{
    private const string A = """{"node_type":"SQL","query":"a"}""";
    private const string B = """{"node_type":"SQL","query":"b"}""";
    private const string C = """{"node_type":"SQL","query":"c"}""";

    public static TheoryData<DfNode, string, string> Composers => new()
    {
        { Df.Sql("SELECT 1"), """{"node_type":"SQL","query":"SELECT 1"}""", "df.sql('SELECT 1')" },
        { Df.Sql("OK"), """{"node_type":"SQL","query":"OK"}""", "df.sql('OK')" },
        { Df.Seq("a", "b"), $$"""{"node_type":"THEN","left_node":{{A}},"right_node":{{B}}}""", "'a'\n  ~> 'b'" },
        { Df.As("a", "x"), """{"node_type":"SQL","query":"a","result_name":"x"}""", "('a' |=> 'x')" },
        { Df.Sleep(5), """{"node_type":"SLEEP","query":"5"}""", "df.sleep(5)" },
        { Df.Sleep(0.5m), """{"node_type":"SLEEP","query":"0.5"}""", "df.sleep(0.5)" },
        { Df.Sleep(0.0125m), """{"node_type":"SLEEP","query":"0.013"}""", "df.sleep(0.013)" },
        {
            Df.WaitForSchedule("0 9 * * MON-FRI", "Europe/Paris"),
            """{"node_type":"WAIT_SCHEDULE","query":"{\"cron_expr\":\"0 9 * * MON-FRI\",\"timezone\":\"Europe/Paris\"}"}""",
            "df.wait_for_schedule('0 9 * * MON-FRI', 'Europe/Paris')"
        },
        {
            Df.WaitForSchedule("@daily"),
            """{"node_type":"WAIT_SCHEDULE","query":"{\"cron_expr\":\"@daily\"}"}""",
            "df.wait_for_schedule('@daily')"
        },
        {
            Df.WaitForSignal("go", 5),
            """{"node_type":"SIGNAL","query":"{\"signal_name\":\"go\",\"timeout_seconds\":5}"}""",
            "df.wait_for_signal('go', 5)"
        },
        { Df.Loop("b", "c"), $$"""{"node_type":"LOOP","left_node":{{B}},"condition_node":{{C}}}""", "df.loop('b', 'c')" },
        {
            Df.Loop("a", minIntervalMs: 500), $$"""{"node_type":"LOOP","left_node":{{A}},"query":"{\"min_interval_ms\":500}"}""",
            "df.pace(df.loop('a'), 500)"
        },
        {
            Df.Loop("b", "c", 500, continueOnFailure: true),
            $$"""{"node_type":"LOOP","left_node":{{B}},"condition_node":{{C}},"query":"{\"continue_on_failure\":true"""
                + """,\"min_interval_ms\":500}"}""",
            "df.pace(df.loop('b', 'c', true), 500)"
        },
        {
            Df.Loop("a", continueOnFailure: true), $$"""{"node_type":"LOOP","left_node":{{A}},"query":"{\"continue_on_failure\":true}"}""",
            "df.loop('a', continue_on_failure => true)"
        },
        { Df.Break("v"), """{"node_type":"BREAK","query":"{\"break_value\":\"v\"}"}""", "df.break('v')" },
        { Df.Break(), """{"node_type":"BREAK","query":"{\"break_value\":null}"}""", "df.break()" },
        {
            Df.If("c", "a", "b"),
            $$"""{"node_type":"IF","left_node":{{A}},"right_node":{{B}},"condition_node":{{C}}}""",
            "df.if('c', 'a', 'b')"
        },
        {
            Df.IfRows("r", "a", "b"),
            $$"""{"node_type":"IF","left_node":{{A}},"right_node":{{B}}"""
                + ""","query":"{\"condition_type\":\"result_has_rows\",\"result_name\":\"r\"}"}""",
            "df.if_rows('r', 'a', 'b')"
        },
        { Df.Join("a", "b"), $$"""{"node_type":"JOIN","left_node":{{A}},"right_node":{{B}}}""", "df.join('a', 'b')" },
        {
            Df.Race("a", "b", "c", "a"),
            $$"""{"node_type":"RACE","left_node":{{A}},"right_node":{{B}},"extra_nodes":[{{C}},{{A}}]}""",
            "df.race('a', 'b', 'c', 'a')"
        },
        {
            Df.Http("https://example.com", "get", headers: new Dictionary<string, string> { ["x-bb"] = "1", ["x-a"] = "2" }),
            """{"node_type":"HTTP","query":"{\"url\":\"https://example.com\",\"method\":\"GET\",\"body\":null,\"headers\":"""
                + """{\"x-a\":\"2\",\"x-bb\":\"1\"},\"timeout_seconds\":30}"}""",
            """df.http('https://example.com', 'GET', headers => '{"x-a":"2","x-bb":"1"}')"""
        },
        {
            Df.HttpJson("https://example.com", body: JsonNode.Parse("""{"bb": 1e2, "a": ["$total", 1.50]}"""), timeoutSeconds: 5),
            """{"node_type":"HTTP_JSON","query":"{\"url\":\"https://example.com\",\"method\":\"POST\",\"body\":{\"a\":[\"$total\",1.50]"""
                + """,\"bb\":100},\"headers\":null,\"timeout_seconds\":5}"}""",
            """df.http_json('https://example.com', body => '{"a":["$total",1.50],"bb":100}', timeout_seconds => 5)"""
        },
        {
            Df.HttpMultipart("https://example.com", [new("f", "aGk=") { ContentType = "text/plain" }]),
            """{"node_type":"HTTP_MULTIPART","query":"{\"url\":\"https://example.com\",\"method\":\"POST\",\"parts\":"""
                + """[{\"name\":\"f\",\"data_b64\":\"aGk=\",\"content_type\":\"text/plain\"}],\"headers\":null,\"timeout_seconds\":30}"}""",
            """df.http_multipart('https://example.com', parts => '[{"name":"f","data_b64":"aGk=","content_type":"text/plain"}]')"""
        },
        {
            Df.Retry("a", 5, delaySeconds: 0.500m, retryOn: ["40", "57P01"]),
            $$"""{"node_type":"RETRY","left_node":{{A}},"query":"{\"max_attempts\":5,\"delay_seconds\":0.5,\"backoff\":2"""
                + """,\"max_delay_seconds\":60,\"retry_on\":[\"40\",\"57P01\"]}"}""",
            "df.retry('a', 5, 0.500, retry_on => ARRAY['40', '57P01'])"
        },
        {
            Df.Timeout("a", 1.50m),
            $$"""{"node_type":"TIMEOUT","left_node":{{A}},"query":"{\"timeout_seconds\":1.5}"}""",
            "df.timeout('a', 1.50)"
        },
        { Df.Try("a", "b"), $$"""{"node_type":"TRY","left_node":{{A}},"right_node":{{B}}}""", "df.try('a', 'b')" },
        {
            Df.Try("a", "b", "c"),
            $$"""{"node_type":"TRY","left_node":{{A}},"right_node":{{B}},"extra_nodes":[{{C}}]}""",
            "df.try('a', 'b', 'c')"
        },
        {
            Df.Fail("no $x", "AB001"),
            """{"node_type":"FAIL","query":"{\"message\":\"no $x\",\"sqlstate\":\"AB001\"}"}""",
            "df.fail('no $x', 'AB001')"
        },
        { Df.WithUndo("a", "b"), $$"""{"node_type":"UNDO","left_node":{{A}},"right_node":{{B}}}""", "df.with_undo('a', 'b')" },
        {
            Df.ForEach("rows", "a", maxParallel: 3),
            $$"""{"node_type":"FOREACH","left_node":{{A}},"query":"{\"rows\":\"rows\",\"item_name\":\"item\",\"max_parallel\":3}"}""",
            "df.foreach('rows', 'a', max_parallel => 3)"
        },
        {
            Df.Call("w", new JsonObject { ["id"] = "$order.id" }, 2),
            """{"node_type":"CALL","query":"{\"workflow\":\"w\",\"input\":{\"id\":\"$order.id\"},\"version\":2}"}""",
            """df.call('w', '{"id":"$order.id"}', 2)"""
        },
    };

    [Theory]
    [MemberData(nameof(Composers))]
    public void Compose_EveryComposer_HasItsEnvelopeAndItsSql(DfNode node, string json, string sql)
    {
        Assert.Equal(json, node.ToJson());
        Assert.Equal(sql, node.ToSql());
    }

    public static TheoryData<Func<DfNode>, string> Mistakes => new()
    {
        { () => "OK", "OK cannot be used as a workflow step" },
        { () => """{"node_type":"LOOPP"}""", "Unknown node_type 'LOOPP'. Valid types: SQL, THEN, " },
        { () => """{"node_type":"SQL","query":5}""", "Invalid Durofut JSON: failed to deserialize workflow step: query must be a string" },
        { () => """{"node_type":"THEN","left_node":{"node_type":"SQL"},"right_node":5}""", "Durofut children must be JSON objects" },
        {
            () => """{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"}""",
            "failed to deserialize workflow step: invalid input syntax for type json"
        },
        { () => """{"node_type":"SQL","query":"\ud800"}""", "failed to deserialize workflow step: unsupported Unicode escape sequence" },
        { () => """{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a\u0000"}}""", "unsupported Unicode escape sequence" },
        { () => """{"_partial_if":true,"condition":"c","then_branch":"a"}""", "every ?> expression needs its !>" },
        { () => Df.Sql("a\0"), "PostgreSQL can't store the character NUL." },
        { () => Df.Sql("\ud83d"), "half of a surrogate pair" },
        { () => Df.Fail("\udc18"), "half of a surrogate pair" },
        { () => Df.Call("w", JsonValue.Create("\0")), "PostgreSQL can't store the character NUL." },
        { () => Df.Call("w", JsonNode.Parse("1e999999")), "PostgreSQL can't store the number 1e999999." },
        { () => Df.As("a", ""), "df.as: result name cannot be empty" },
        { () => Df.As("a", "x\n"), "df.as: result name 'x\n' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*" },
        { () => Df.As("a", "input"), "df.as: result name 'input' is taken" },
        { () => Df.Sleep(-1), "Sleep duration must be non-negative" },
        { () => Df.Sleep(31_536_000_001), "Sleep duration must be at most 31536000000 seconds" },
        { () => Df.WaitForSchedule("61 * * * *"), "Invalid cron expression '61 * * * *': '61' is out of range: minute is 0 to 59" },
        {
            () => Df.WaitForSchedule("@daily", "Mars/Olympus"),
            "Unknown time zone 'Mars/Olympus'. Use a name of pg_timezone_names, such as 'Europe/Paris'"
        },
        { () => Df.WaitForSignal(""), "Signal name cannot be empty" },
        { () => Df.WaitForSignal("s", 0), "Timeout must be positive" },
        { () => Df.Loop("a", minIntervalMs: -1), "min_interval_ms must be a whole number from 0 to 86400000" },
        { () => Df.Join("a"), "df.join needs at least two branches" },
        { () => Df.Race(), "df.race needs at least two branches" },
        { () => Df.Http("ftp://example.com"), "Blocked: unsupported URL scheme. Only http and https is allowed." },
        { () => Df.Http("http://example.com", "HEAD"), "Invalid HTTP method: HEAD. Must be GET, POST, PUT, DELETE, or PATCH" },
        { () => Df.Http("http://example.com", timeoutSeconds: 0), "Timeout must be positive" },
        { () => Df.HttpMultipart("http://example.com", []), "parts must contain at least one part" },
        {
            () => Df.HttpMultipart("http://example.com", [new("a", "")], "GET"),
            "Invalid HTTP method for multipart: GET. Must be POST, PUT, or PATCH"
        },
        { () => Df.Http(new DfEndpoint("crm", "/a/../b")), "Endpoint path cannot contain traversal segments or encoded separators" },
        { () => Df.Http(new DfEndpoint("", "/a")), "Endpoint server name must be nonempty and contain no control characters" },
        { () => Df.WithHttpOptions("SELECT 1", new()), "df.with_http_options(): expected a single HTTP or HTTP_MULTIPART node" },
        {
            () => Df.WithHttpOptions(Df.Http("http://a"), new() { Into = "a.b" }),
            "df.with_http_options(): invalid body options: into is required with response sink and not allowed with any other response"
        },
        {
            () => Df.WithHttpOptions(Df.Http("http://a"), new() { Response = HttpResponseMode.Sink, Into = "a" }),
            "into must be the name of a table with its schema"
        },
        {
            () => Df.WithHttpOptions(Df.Http("http://a", body: "12345"), new() { MaxRequestBytes = 4 }),
            "the request's body is larger than max_request_bytes (4)"
        },
        {
            () => Df.WithHttpOptions(
                Df.Http("http://a"), new() { SecretQuery = new Dictionary<string, Secret> { ["a"] = new("s", "k") { Prefix = "x" } } }),
            "Secret prefixes are supported only in header bindings"
        },
        { () => Df.Retry("a", 0), "max_attempts must be a whole number from 1 to 1000" },
        { () => Df.Retry("a", backoff: 0.5m), "backoff must be a number from 1 to 100" },
        { () => Df.Retry("a", retryOn: []), "retry_on must be a list of SQLSTATEs" },
        {
            () => Df.Retry("a", retryOn: ["4"]),
            "retry_on: \"4\" is neither a SQLSTATE (five characters from 0-9 and A-Z) nor a class (its first two)"
        },
        { () => Df.Timeout("a", 0), "timeout_seconds must be more than 0 and at most 31536000" },
        { () => Df.Fail("m", "x"), "df.fail: sqlstate 'x' must be a string of five characters from 0-9 and A-Z" },
        { () => Df.ForEach("a b", "a"), "df.foreach: rows must be the name of a result, not 'a b'" },
        { () => Df.ForEach("a", "a", "input"), "df.foreach: item name 'input' is taken" },
        { () => Df.ForEach("a", "a", maxParallel: 1001), "max_parallel must be a whole number from 1 to 1000" },
        { () => Df.Call(""), "df.call: workflow cannot be empty" },
        { () => Df.Call("w", version: 0), "version must be a whole number from 1 to 2147483647" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Compose_Mistake_IsRefusedInTheWordsOfTheDatabase(Func<DfNode> compose, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(compose).Message, StringComparison.Ordinal);

    [Fact]
    public void Compose_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => Df.Sql(null!));
        Assert.Throws<ArgumentNullException>(() => Df.Seq("a", null!));
        Assert.Throws<ArgumentNullException>(() => Df.Join("a", null!));
        Assert.Throws<ArgumentNullException>(() => Df.HttpMultipart("http://example.com", null!));
    }
}
