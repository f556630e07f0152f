using System.Text;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Sdk.Tests.Shared;

public sealed class GraphWriterTests
{
    [Fact]
    public void Write_OneStep_IsASqlNode() => Assert.Equal("""{"node_type":"SQL","query":"SELECT 1"}""", GraphWriter.Write([new("SELECT 1")]));

    [Fact]
    public void Write_NamedStep_HasItsNameLast() =>
        Assert.Equal("""{"node_type":"SQL","query":"a","result_name":"x"}""", GraphWriter.Write([new("a", "x")]));

    [Fact]
    public void Write_ThreeSteps_IsLeftDeep() =>
        Assert.Equal(
            """{"node_type":"THEN","left_node":{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a"},"right_node":"""
            + """{"node_type":"SQL","query":"b"}},"right_node":{"node_type":"SQL","query":"c"}}""",
            GraphWriter.Write([new("a"), new("b"), new("c")]));

    [Fact]
    public void Write_TheLongestSequence_IsReadBack()
    {
        var steps = Enumerable.Range(0, WorkflowGraph.MaxDepth + 1).Select(i => new SqlStep($"SELECT '{i}\n\"'", $"n{i}")).ToArray();

        var graph = GraphReader.Read(GraphWriter.Write(steps));

        Assert.Equal(
            steps.Select(step => (step.Sql, step.ResultName)),
            graph.Nodes.Where(node => node.Kind == NodeKind.Sql).Select(node => (node.Query!, node.ResultName)));
    }

    [Fact]
    public void Write_NoSteps_IsRefused() => Assert.Throws<ArgumentException>(() => GraphWriter.Write([]));

    [Theory]
    [InlineData("a\"b\\c/d", "\"a\\\"b\\\\c/d\"")]
    [InlineData("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"")]
    [InlineData("\u0001\u001f\u007f", "\"\\u0001\\u001f\u007f\"")]
    [InlineData("ü 🐘 \u2028 <&'>", "\"ü 🐘 \u2028 <&'>\"")]
    public void AppendString_EscapesWhatPostgresEscapes(string text, string expected)
    {
        var json = new StringBuilder();
        GraphWriter.AppendString(json, text);

        Assert.Equal(expected, json.ToString());
        Assert.Equal(text, JsonElement.Parse(json.ToString()).GetString());
    }
}
