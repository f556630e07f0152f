using PgDurable.Graph;

namespace PgDurable.Sdk.Tests.Algebra;

public sealed class DfNodeTests
{
    [Fact]
    public void Compose_WithOperators_GroupsToTheLeft()
    {
        var node = (Df.Sql("a").As("x") & "b" | "c").Then(Df.Sql("d").Then("e"));

        Assert.Equal(Df.Seq(Df.Race(Df.Join(Df.As("a", "x"), "b"), "c"), Df.Seq("d", "e")).ToJson(), node.ToJson());
        Assert.Equal("df.race(df.join(('a' |=> 'x'), 'b'), 'c')\n  ~> ('d'\n  ~> 'e')", node.ToSql());
    }

    [Fact]
    public void As_NamedNode_ReplacesTheName()
    {
        var first = Df.Seq("a", "b").As("x");

        var second = first.As("y");

        Assert.EndsWith(""","result_name":"x"}""", first.ToJson(), StringComparison.Ordinal);
        Assert.Equal(Df.Seq("a", "b").As("y").ToJson(), second.ToJson());
        Assert.Equal("(('a'\n  ~> 'b') |=> 'y')", second.ToSql());
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ok")]
    [InlineData("{name} = 1")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"node_type":5}""")]
    [InlineData("""{"\ud800":1}""")]
    public void FromText_AnythingElse_IsAStep(string text)
    {
        DfNode node = text;

        Assert.Equal(Df.Sql(text).ToJson(), node.ToJson());
    }

    [Fact]
    public void FromText_Null_StaysNull()
    {
        string? condition = null;

        DfNode? node = condition;

        Assert.Null(node);
        Assert.Equal(Df.Loop("a").ToJson(), Df.Loop("a", condition).ToJson());
    }

    [Fact]
    public void FromText_Envelope_IsThatGraph()
    {
        const string envelope = """{ "query":"\u0061", "x":[1], "node_type":"SQL", "result_name":"n", "left_node":null}""";

        DfNode node = $"\n {envelope}\t";

        Assert.Equal(envelope, node.ToJson());
        Assert.Equal(
            $$$"""{"node_type":"THEN","left_node":{{{envelope}}},"right_node":{"node_type":"SQL","query":"b"}}""", node.Then("b").ToJson());
        Assert.Equal("""{"node_type":"SQL","query":"\u0061","result_name":"m"}""", node.As("m").ToJson());
        Assert.Equal($"E'{envelope.Replace("\\", "\\\\", StringComparison.Ordinal)}'", node.ToSql());
    }

    [Fact]
    public void FromText_CompiledWorkflow_CanBePartOfAnother()
    {
        var node = Df.Timeout(OrderApproval.Definition.GraphJson, 60);

        node.Validate();
        Assert.Contains("└─SQL: SELECT order_id, total, note FROM orders WHERE ... |=> 'order'", node.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Graph_IsTheTreeOfDfExplain()
    {
        var node = Df.Sql("SELECT 1").As("a")
            .Then(Df.Join(
                Df.Seq("SELECT 2", Df.If("SELECT true", Df.Break("stop here please, now"), "SELECT 3")),
                Df.WaitForSignal("go", 60) | Df.Sleep(5),
                "SELECT 4"))
            .Then(Df.Loop(Df.WaitForSchedule("*/5 * * * *").Then("SELECT 5"), "SELECT $a < 3"));

        var lines = node.Explain().Split('\n');

        Assert.Equal(
            """
            SQL: SELECT 1 |=> 'a'
            → JOIN (3)
                ║ branch 1:
                  ├─SQL: SELECT 2
                  → IF
                      ? condition:
                        └─SQL: SELECT true
                      ✓ then:
                        └─BREAK 'stop here please,...'
                      ✗ else:
                        └─SQL: SELECT 3
                ║ branch 2:
                  ├─RACE
                  │   ║ branch 1:
                  │     ├─SIGNAL 'go' (60s)
                  │   ║ branch 2:
                  │     └─SLEEP 5s
                ║ branch 3:
                  └─SQL: SELECT 4
            → LOOP (while)
                ↻ body:
                  └─WAIT '*/5 * * * *'
                  → SQL: SELECT 5
                ? while:
                  └─SQL: SELECT $a < 3
            """,
            string.Join('\n', lines.Select(line => line.TrimEnd())));
        Assert.Equal(lines.Max(line => line.TrimEnd().Length) + 4, Assert.Single(lines.Select(line => line.Length).Distinct()));
    }

    [Fact]
    public void Explain_LongTexts_AreCutAndPaddedByCharacters()
    {
        var elephants = string.Concat(Enumerable.Repeat("🐘", 50));

        var tree = Df.Seq(elephants, new string('漢', 51)).Explain();

        Assert.Equal($"SQL: {elephants}      \n→ SQL: {new string('漢', 47)}...    ", tree);
    }

    [Fact]
    public void Validate_NameThatNothingBinds_IsFound()
    {
        var node = Df.Sql("a").As("orders").Then(Df.IfRows("order", "b", "c"));

        var e = Assert.Throws<GraphFormatException>(node.Validate);

        Assert.Equal("root.right", e.Path);
        Assert.Equal(
            "Invalid durable function graph: root.right: df.if_rows: result 'order' not found: no node of the graph has this name. "
            + "Names: input, orders",
            e.Message);
        Assert.Equal(e.Message, node.Explain());
    }

    [Theory]
    [InlineData("SELECT 1 AS order_id", "SELECT $order_id", "no result is named order_id; did you mean $order.order_id?")]
    [InlineData("SELECT 1", "SELECT 1, $orders.id", "no result is named orders; did you mean $order?")]
    [InlineData(
        "SELECT 1", "SELECT '$x', \"$y\" -- $z\n, $nosuch",
        "no result is named nosuch. Names: input, order, sys_instance_id, sys_label, sys_started_at")]
    public void Validate_ReferenceThatNothingBinds_IsFound(string first, string second, string problem)
    {
        var e = Assert.Throws<GraphFormatException>(Df.Sql(first).As("order").Then(Df.Sql(second)).Validate);

        Assert.Equal($"Invalid durable function graph: root.right: {problem}", e.Message);
    }

    [Theory]
    [InlineData("SELECT $input.a, $order, $sys_label?")]
    [InlineData("SELECT '$nosuch', a$nosuch, $1, $a$ $nosuch $a$ -- $nosuch")]
    [InlineData("SELECT '\\' $nosuch'")]
    [InlineData("{fragment} $nosuch")]
    [InlineData("SELECT $größe")]
    public void Validate_TextThatMayBeSql_IsFine(string sql) => Df.Sql("SELECT 1").As("order").Then(Df.Sql(sql)).Validate();

    [Fact]
    public void Validate_ReceivedGraphWithABadNode_SaysWhere()
    {
        var node = Df.Join("a", "b", """{"node_type":"LOOP","left_node":{"node_type":"THEN"}}""");

        var e = Assert.Throws<GraphFormatException>(node.Validate);

        Assert.Equal("Invalid durable function graph: root.extra_nodes[0].left: THEN nodes need a left_node and a right_node", e.Message);
    }

    [Fact]
    public void Compose_VeryLongChain_IsComposedAndFoundTooDeep()
    {
        var chain = Df.Sql("a");
        for (var i = 0; i < 20_000; i++)
            chain = chain.Then("b");

        Assert.Equal(20_001, chain.ToJson().Split("\"SQL\"").Length - 1);
        Assert.Equal(20_000, chain.ToSql().Split("~>").Length - 1);
        Assert.Contains(
            "Invalid durable function graph: root", Assert.Throws<GraphFormatException>(chain.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ChainOf257Steps_IsTheDeepest()
    {
        var chain = Enumerable.Range(0, WorkflowGraph.MaxDepth).Aggregate(Df.Sql("a"), (left, _) => left.Then("b"));

        chain.Validate();
        var e = Assert.Throws<GraphFormatException>(chain.Then("b").Validate);
        Assert.Contains("Graph exceeds maximum nesting depth of 256. Simplify the workflow or break it into multiple instances.", e.Message,
            StringComparison.Ordinal);
    }
}
