namespace PgDurable.Extension.Tests.Inspection;

public sealed partial class NodeStatesTests
{
    [Fact]
    public async Task Result_OfEnclosingNodes_IsThatOfTheLanguage()
    {
        // THEN 0: JOIN 1 (a 2, RACE 3 (b 4, c 5)), IF 6 (t 7, e 8, condition 9)
        var instance = await RecordedInstance.StartAsync(fixture, "df.join('a', df.race('b', 'c')) ~> df.if('c', 't', 'e')");
        await instance.RecordAsync("2=1", "5=2", "9", "7=3");
        await instance.CompleteAsync(7);
        Assert.Equal("3", await instance.NodeAsync("result", 0));
        Assert.Equal("[1, 2]", await instance.NodeAsync("result", 1));
        Assert.Equal("2", await instance.NodeAsync("result", 3));
        Assert.Equal("3", await instance.NodeAsync("result", 6));
        Assert.Equal("", await instance.NodeAsync("result", 8));
        Assert.Equal("completed completed completed completed skipped<3 completed completed completed skipped<6 completed",
            await instance.StatesAsync());
    }

    [Fact]
    public async Task Result_OfForeach_IsTheItemsInTheirOrder()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "('q' |=> 'r') ~> df.foreach('r', df.join('a', 'b')) ~> 'z'");
        await instance.RecordAsync("""2={"rows":[{"i":1},{"i":2}],"row_count":2}""", "6@3:1=4", "5@3:1=3", "5@3:0=1", "6@3:0=2");
        Assert.Equal("[[1, 2], [3, 4]]", await instance.NodeAsync("result", 3));
    }

    [Fact]
    public async Task Result_OfFanOutOverInputOrCarriedName_IsKnown()
    {
        var input = await RecordedInstance.StartAsync(fixture, "df.foreach('input', 'a') ~> 'z'", input: "[1,2]");
        await input.RecordAsync("2@1:0=1", "2@1:1=2");
        Assert.Equal("completed", await input.NodeAsync("status", 1));

        // The name was bound in an earlier iteration.
        var carried = await RecordedInstance.StartAsync(fixture, "df.loop(df.if_rows('r', 't', 'e' |=> 'r'))");
        await carried.CarryAsync(0, 3, "0:1", """{"result":1,"names":{"r":{"result":{"rows":[{"a":1}],"row_count":1}}},"undos":[]}""");
        Assert.Equal("running running running skipped<1", await carried.StatesAsync());
    }

    [Fact]
    public async Task Error_OfEnclosingNodes_SaysWhichBranch()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.join('a', df.race('b', 'c'))");
        await instance.RecordAsync("1", "4!division by zero");
        Assert.Equal("division by zero",
            await instance.NodeAsync("error", 0));
        Assert.Equal("\"division by zero\"", await instance.NodeAsync("result", 2));
        Assert.Equal("22012 00000004 s 1 SELECT 1/0 try again", await instance.NodeAsync(
            "concat_ws(' ', error_details ->> 'sqlstate', error_details ->> 'node', error_details ->> 'step', " +
            "error_details ->> 'attempt', error_details ->> 'sql', " +
            "error_details ->> 'hint')", 4));
        Assert.Equal("pending", await instance.NodeAsync("status || COALESCE(error, '')", 3));
    }

    [Fact]
    public async Task Error_OfALoopThatLostARace_SaysSo()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.race(df.loop('a'), 'b')");
        await instance.RecordAsync("3");
        Assert.Equal("failed \"Loop branch cancelled after losing RACE\"", await instance.NodeAsync("status || ' ' || result", 1));
    }

    [Fact]
    public async Task StatusDetails_OfALoopThatContinuesOnFailure_CountFailedIterations()
    {
        // JOIN 0: a 1, LOOP 2 with JOIN 3 of b 4 and c 5
        var instance = await RecordedInstance.StartAsync(fixture, "df.join('a', df.loop(df.join('b', 'c'), NULL, true))");
        Assert.Equal("""{"failed_iterations": 0}""", await instance.NodeAsync("status_details", 2));
        await instance.RecordAsync("5@2:1!first", "4@2:1");
        const string First =
            """{"last_error": {"node": "00000005", "message": "first", "sqlstate": "22012"}"""
            + """, "failed_iterations": 1}""";
        Assert.Equal(First, await instance.NodeAsync("status_details", 2));
        await instance.CarryAsync(
            2, 5, "2:1",
            """{"failed_iterations":1,"last_error":{"message":"first","sqlstate":"22012","node":"00000005"}"""
            + ""","result":null,"names":{},"undos":[]}""");
        Assert.Equal(First, await instance.NodeAsync("status_details", 2));
        await instance.RecordAsync("4@2:2!second", "5@2:2");
        Assert.Equal("2 second", await instance.NodeAsync(
            "concat_ws(' ', status_details ->> 'failed_iterations', status_details -> 'last_error' ->> 'message')", 2));
        await instance.FailAsync();
        Assert.Equal("2", await instance.NodeAsync("status_details ->> 'failed_iterations'", 2));
        Assert.Equal("none", await instance.NodeAsync("COALESCE(status_details ->> 'failed_iterations', 'none')", 3));
    }

    [Fact]
    public async Task Nodes_OfAnInstanceWhoseRoleIsGone_HaveFailedIfTheyWereToRun()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a' ~> df.loop('b') ~> 'c'");
        await instance.RecordAsync("2");
        await instance.FailAsync("role gone");
        Assert.Equal("failed failed completed failed failed skipped", await instance.StatesAsync());
        Assert.Equal("\"role gone\"", await instance.NodeAsync("result", 3));
    }

    [Fact]
    public async Task Error_OfTimeout_SaysHowLong()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.join(df.timeout('a', 1.5), 'b')");
        await instance.RecordAsync("""1={"timed_out":true}""", "3");
        Assert.Equal("step timed out after 1.5 s", await instance.NodeAsync("error", 0));
    }

    [Fact]
    public async Task Query_OfEnclosingNodes_NamesConditionsAndFurtherBranches()
    {
        var instance = await RecordedInstance.StartAsync(fixture,
            "df.join('a', df.if('c', 't', 'e'), df.pace(df.loop('b', 'w'), 500), df.try('x', 'y', 'f'))");
        Assert.Equal("""{"extra_nodes":["00000006","00000009"]}""", await instance.NodeAsync("query", 0));
        Assert.Equal("""{"condition_node":"00000005"}""", await instance.NodeAsync("query", 2));
        Assert.Equal("""{"min_interval_ms":500,"condition_node":"00000008"}""", await instance.NodeAsync("query", 6));
        Assert.Equal("""{"extra_nodes":["0000000c"]}""", await instance.NodeAsync("query", 9));
        Assert.Equal("00000001 00000002", await instance.NodeAsync("left_node || ' ' || right_node", 0));
        Assert.Equal("00000007 none", await instance.NodeAsync("left_node || ' ' || COALESCE(right_node, 'none')", 6));
    }

    [Fact]
    public async Task Result_ThatJsonbCannotHold_IsText()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.if('c', 't', 'e')");
        await instance.RecordAsync("""3={"rows":[{"a":"x\u0000"}],"row_count":1}""");
        Assert.Equal("running running skipped<0 completed", await instance.StatesAsync());
        Assert.Contains("u0000", await instance.NodeAsync("result", 3), StringComparison.Ordinal);
        Assert.Single(await instance.ListAsync("SELECT rows FROM df.history($1)"));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("{\"node_type\":\"THEN\"}")]
    [InlineData("{\"node_type\":\"LOOP\"}")]
    [InlineData("{\"node_type\":\"RACE\",\"query\":\"{\"}")]
    [InlineData("{\"node_type\":\"IF\",\"query\":\"x\",\"left_node\":{\"node_type\":\"SQL\"},\"right_node\":{\"node_type\":\"SQL\"}}")]
    [InlineData("{\"node_type\":\"FOREACH\",\"query\":\"x\",\"left_node\":{\"node_type\":\"BREAK\",\"query\":\"[\"}}")]
    [InlineData("{\"node_type\":\"RETRY\",\"query\":\"{}\",\"left_node\":{\"node_type\":\"FAIL\"}}")]
    [InlineData("deep")]
    public async Task Graph_WrittenPastStart_SpoilsNobodysList(string graph)
    {
        if (graph == "deep")
            graph = new string('[', 100_000) + new string(']', 100_000);
        var id = await fixture.TextAsync("carol",
            "WITH g AS (INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id) " +
            "INSERT INTO df.submissions (graph_id) SELECT graph_id FROM g RETURNING id",
            graph);
        await fixture.Cluster.ExecuteAsync("UPDATE df.queue SET started_at = clock_timestamp(), worker_id = 7 WHERE started_at IS NULL");
        foreach (var source in (string[])["df.nodes", "df.instances", "df.running", "df.waiting", "df.failed", "df.list_instances()",
            "df.metrics()"])
            await fixture.ListAsync("postgres", $"SELECT r::text FROM {source} r");
        foreach (var function in (string[])["df.instance_info($1)", "df.instance_nodes($1)", "df.instance_executions($1)",
            "df.history($1)"])
            await fixture.ListAsync("carol", $"SELECT r::text FROM {function} r", id);
    }

    // A query for one node spends its time on its own instance, not on the others.
    [Fact]
    public async Task Nodes_OfOneInstance_TouchNoOther()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a'");
        await fixture.TextAsync("carol", "SELECT count(df.start('SELECT 1'))::text FROM generate_series(1, 200)");
        await fixture.Cluster.ExecuteAsync("ANALYZE df.submissions");
        foreach (var query in (string[])["SELECT * FROM df.nodes WHERE instance_id", "SELECT status FROM df.instances WHERE id"])
        {
            var plan = string.Join('\n', await fixture.ListAsync("carol",
                $"SET enable_seqscan = off; SET enable_bitmapscan = off; EXPLAIN {query} = '{instance.Id}'"));
            Assert.Contains("submissions_id_idx", plan, StringComparison.Ordinal);
        }
    }
}
