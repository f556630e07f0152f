namespace PgDurable.Sdk.Tests.Graph;

public sealed class GraphMermaidTests
{
    [Fact]
    public void Graph_OfEveryShape_IsDrawn() =>
        Assert.Equal(
            """
            flowchart TD
                n3["SQL: SELECT 1 #124;=#62; #39;x#39;"]
                n4{"SQL: SELECT $x #62; 0"}
                n5[["TIMEOUT (5s)"]]
                n6["SLEEP 60s"]
                n5 --> n6
                n7["FAIL #39;it #34;failed#34;#39;"]
                n4 -- yes --> n5
                n4 -- no --> n7
                n3 --> n4
                n9{{"JOIN (2)"}}
                n10["SQL: a"]
                n9 --> n10
                n12["SQL: b"]
                n13["SQL: c"]
                n12 -. when it fails .-> n13
                n14["SQL: d"]
                n12 --> n14
                n13 --> n14
                n9 --> n12
                n6 --> n9
                n15[["LOOP (infinite)"]]
                n17["SQL: e"]
                n18["SQL: f"]
                n17 -. undo .-> n18
                n15 --> n17
                n17 -- again --> n15
                n10 --> n15
                n14 --> n15

            """,
            Df.Sql("SELECT 1").As("x")
                .Then(Df.If("SELECT $x > 0", Df.Timeout(Df.Sleep(60), 5), Df.Fail("it \"failed\"")))
                .Then(Df.Join("a", Df.Try("b", "c", "d")))
                .Then(Df.Loop(Df.WithUndo("e", "f"), minIntervalMs: 5)).ToMermaid());

    [Fact]
    public void Definition_OfAWorkflow_HasItsChart() =>
        Assert.StartsWith("flowchart TD\n    n2[\"SQL: SELECT order_id", OrderApproval.Definition.Mermaid, StringComparison.Ordinal);
}
