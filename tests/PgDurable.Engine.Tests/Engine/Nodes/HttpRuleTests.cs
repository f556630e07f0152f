using System.Text.Json.Nodes;
using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class HttpRuleTests
{
    private static readonly JsonObject NoHeaders = [];

    [Fact]
    public void Start_Http_FillsUrlHeadersAndBody()
    {
        var run = new EngineRun(
            Then(Step("a").As("x"), Http("HTTP", new()
            {
                ["url"] = "https://{host}/$x.v",
                ["method"] = "PUT",
                ["body"] = """{"id":$x.v,"who":"{who}"}""",
                ["headers"] = new JsonObject { ["X-Id"] = "$x.v", ["$x.v"] = "{who}" },
                ["timeout_seconds"] = 7,
            })),
            variables: [("host", "example.org"), ("who", "Ann")]);
        run.Complete("a", Row(5));

        var call = Call(run);
        Assert.Equal((HttpCallKind.Plain, "PUT", "https://example.org/5", 7), (call.Kind, call.Method, call.Url, call.TimeoutSeconds));
        Assert.Equal("""{"id":5,"who":"Ann"}""", call.Body);
        Assert.Equal([("X-Id", "5"), ("$x.v", "Ann")], call.Headers);
        Assert.Empty(call.Parts);
    }

    [Fact]
    public void Start_HttpWithoutBodyAndTimeout_HasTheDefaults()
    {
        var call = Call(new EngineRun(Http("HTTP", new() { ["url"] = "https://example.org", ["method"] = "GET" })));

        Assert.Equal((null, 30), (call.Body, call.TimeoutSeconds));
        Assert.Empty(call.Headers);
    }

    [Fact]
    public void Start_HttpJson_EncodesValuesIntoTheTemplate()
    {
        var run = new EngineRun(
            Http("HTTP_JSON", new()
            {
                ["url"] = "https://example.org",
                ["method"] = "POST",
                ["body"] = new JsonObject { ["all"] = "$input", ["text"] = "say $input.q" },
                ["headers"] = NoHeaders,
            }),
            """{"q":"\"quoted\""}""");

        Assert.Equal(HttpCallKind.Json, Call(run).Kind);
        Assert.Equal("""{"all":{"q":"\"quoted\""},"text":"say \"quoted\""}""", Call(run).Body);
    }

    [Fact]
    public void Start_Multipart_FillsTheParts()
    {
        var run = new EngineRun(
            Multipart(
                new JsonObject { ["name"] = "$input.field", ["data_b64"] = " $input.data " },
                new JsonObject { ["name"] = "f", ["filename"] = "{file}", ["content_type"] = "text/plain", ["data_b64"] = "aGk=" }),
            """{"field":"doc","data":"eA=="}""", variables: ("file", "a.txt"));

        Assert.Equal([new HttpPart("doc", null, null, "eA=="), new HttpPart("f", "a.txt", "text/plain", "aGk=")], Call(run).Parts);
        Assert.Equal(HttpCallKind.Multipart, Call(run).Kind);
    }

    [Fact]
    public void Start_MultipartDataThatMixesTextAndReference_IsRefused()
    {
        var run = new EngineRun(Multipart(new JsonObject { ["name"] = "f", ["data_b64"] = "aGk=$input" }), "\"eA==\"");

        Assert.Equal("22004", run.Failure.Error.SqlState);
        Assert.Contains("mixes a variable reference with other text", run.Failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ReferenceWithoutValue_IsRefused()
    {
        var run = new EngineRun(Http("HTTP", new() { ["url"] = "https://example.org/$input.missing", ["method"] = "GET" }), "{}");

        Assert.Equal("22004", run.Failure.Error.SqlState);
        Assert.Empty(run.Commands);
    }

    [Fact]
    public void Advance_Response_CompletesAndBinds()
    {
        var run = new EngineRun(
            Then(Http("HTTP", new() { ["url"] = "https://example.org", ["method"] = "GET" }).As("r"), Step("SELECT $r.status")));
        run.Complete("GET https://example.org", Json("""{"status":200,"body":"x"}"""));

        Assert.Equal(["SELECT 200"], run.Commands);
    }

    private static string Multipart(params JsonNode[] parts) => Http(
        "HTTP_MULTIPART",
        new() { ["url"] = "https://example.org", ["method"] = "POST", ["parts"] = new System.Text.Json.Nodes.JsonArray(parts) });

    private static HttpCall Call(EngineRun run) => Assert.IsType<Command.SendHttp>(run.State.InFlight.Values.Single().Command).Call;
}
