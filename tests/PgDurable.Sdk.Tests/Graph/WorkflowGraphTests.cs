using PgDurable.Graph;

namespace PgDurable.Sdk.Tests.Graph;

public class WorkflowGraphTests
{
    [Fact]
    public void Parse_Sequence_NumbersNodesInPreOrder()
    {
        var graph = WorkflowGraph.Parse(
            """
            {"node_type":"THEN","left_node":{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a","result_name":"x"},
             "right_node":{"node_type":"SQL","query":"b"}},"right_node":{"node_type":"SQL","query":"c"}}
            """);

        Assert.Equal(["THEN", "THEN", "x", "b", "c"], graph.Nodes.Select(n => n.Name));
        Assert.Equal([-1, 0, 1, 1, 0], graph.Nodes.Select(n => n.Parent));
        Assert.Equal((1, 4), (graph.Nodes[0].Left, graph.Nodes[0].Right));
        Assert.Equal("00000003", graph.Nodes[3].Id);
    }

    [Theory]
    [InlineData("SELECT 1", "root", "not a JSON document")]
    [InlineData("[]", "root", "must be a JSON object")]
    [InlineData("{}", "root", "missing field node_type")]
    [InlineData("""{"node_type":"SQL"}""", "root", "need a query")]
    [InlineData("""{"node_type":"SQL","query":1}""", "root", "query must be a string")]
    [InlineData("""{"node_type":"SLEEP","query":"-5"}""", "root", "query in SLEEP must be a number of seconds")]
    [InlineData("""{"node_type":"LOOP","left_node":{"node_type":"SQL","query":"a"},"query":"{\"continue_on_failure\":1}"}""", "root",
        "continue_on_failure must be true or false")]
    [InlineData("""{"node_type":"SQL","query":"a","result_name":"a b"}""", "root", "not a valid identifier")]
    [InlineData("""{"node_type":"SQL","query":"a","result_name":"input"}""", "root", "is taken")]
    [InlineData("""{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"}}""", "root", "need a left_node and a right_node")]
    [InlineData("""{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"},"right_node":{"foo":1}}""", "root.right",
        "missing field node_type")]
    [InlineData("""{"node_type":"SQL","query":"a","extra_nodes":[{"node_type":"SQL","query":"a"}]}""", "root",
        "extra_nodes is not valid for SQL nodes")]
    public void Parse_BadGraph_SaysWhatAndWhere(string json, string path, string message)
    {
        var e = Assert.Throws<GraphFormatException>(() => WorkflowGraph.Parse(json));

        Assert.Equal(path, e.Path);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"node_type":"\udc00"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"node_type":"SQL","query":"\ud800"}""")]
    [InlineData("""{"node_type":"SQL","query":"a","result_name":"\ud800"}""")]
    [InlineData("""{"node_type":"TIMEOUT","left_node":{"node_type":"SQL","query":"a"},"query":"{\"timeout_seconds\":1e999999}"}""")]
    [InlineData("""{"node_type":"FAIL","query":"{\"message\":\"\\ud800\"}"}""")]
    [InlineData("deep nodes")]
    [InlineData("deep arrays")]
    public void Parse_WhatIsNoGraph_IsNothingElseThanThat(string json)
    {
        var text = json switch
        {
            "deep nodes" => Nested("""{"node_type":"THEN","left_node":""", "{}", "}", 5000),
            "deep arrays" => Nested("[", "", "]", 100_000),
            _ => json,
        };

        Assert.Throws<GraphFormatException>(() => WorkflowGraph.Parse(text));

        static string Nested(string open, string middle, string close, int depth) =>
            string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));
    }

    // The worker runs even what df.start would have refused, if it can. A step that can't run fails on its own.
    [Theory]
    [InlineData("""{"node_type":"SLEEP","query":"31536000001"}""")]
    [InlineData("""{"node_type":"SLEEP","query":"0.0001"}""")]
    [InlineData("""{"node_type":"SLEEP","query":"1."}""")]
    [InlineData("""{"node_type":"WAIT_SCHEDULE","query":"{\"cron_expr\":\"every day\"}"}""")]
    [InlineData("""{"node_type":"FOREACH","left_node":{"node_type":"SQL","query":"a"},"query":"{\"rows\":\"r\",\"item_name\":\"i\"}"}""")]
    public void Parse_WhatOnlyStartRefuses_IsRead(string json)
    {
        Assert.NotNull(WorkflowGraph.Parse(json));
        Assert.Throws<GraphFormatException>(() => GraphReader.Read(json, isToStart: true));
    }

    [Fact]
    public void Parse_EmptyExtraNodes_AreNone() =>
        Assert.Single(WorkflowGraph.Parse("""{"node_type":"SQL","query":"a","extra_nodes":[],"condition_node":null}""").Nodes);

    [Theory]
    [InlineData(WorkflowGraph.MaxDepth, true)]
    [InlineData(WorkflowGraph.MaxDepth + 1, false)]
    public void Parse_Depth_IsLimited(int depth, bool accepted)
    {
        var json = """{"node_type":"SQL","query":"a"}""";
        for (var i = 0; i < depth; i++)
            json = $$$"""{"node_type":"THEN","left_node":{{{json}}},"right_node":{"node_type":"SQL","query":"b"}}""";

        if (accepted)
            Assert.Equal(2 * depth + 1, WorkflowGraph.Parse(json).Nodes.Length);
        else
            Assert.Contains("nesting depth of 256", Assert.Throws<GraphFormatException>(() => WorkflowGraph.Parse(json)).Message,
                StringComparison.Ordinal);
    }
}
