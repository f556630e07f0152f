namespace PgDurable.Extension.Tests.Inspection;

/// <summary>
/// What became of every node, derived from the checkpoints. Nodes are numbered in pre-order: left, right, condition, further branches.
/// </summary>
[Collection(InspectionCollection.Name)]
public sealed class NodeStatesTests(InspectionFixture fixture)
{
    const string P = "pending", R = "running", C = "completed", F = "failed";

    // Expression, what was recorded, the states of the nodes from 0.
    public static TheoryData<string, string, string> Live => new()
    {
        // THEN
        { "'a' ~> 'b'", "", $"{R} {R} {P}" },
        { "'a' ~> 'b'", "1", $"{R} {C} {R}" },
        { "'a' ~> df.sleep(5) ~> 'c'", "2", $"{R} {R} {C} {R} {P}" },
        // IF: then 1, else 2, condition 3
        { "df.if('c', 't', 'e')", "", $"{R} {P} {P} {R}" },
        { "df.if('c', 't', 'e')", "3", $"{R} {R} skipped<0 {C}" },
        { "df.if('c', 't', 'e')", """3={"rows":[],"row_count":0}""", $"{R} skipped<0 {R} {C}" },
        { "df.if('c', 't', 'e')", """3={"rows":[{"a":"0.0"}],"row_count":1}""", $"{R} skipped<0 {R} {C}" },
        { "('a' |=> 'x') ~> df.if_rows('x', 't', 'e')", "1", $"{R} {C} {R} {R} skipped<2" },
        { "('a' |=> 'x') ~> df.if_rows('x', 't', 'e')", """1={"rows":[],"row_count":0}""", $"{R} {C} {R} skipped<2 {R}" },
        { "(('a' ~> 'b') |=> 'x') ~> df.if_rows('x', 't', 'e')", """2={"rows":[],"row_count":0} 3""",
         $"{R} {C} {C} {C} {R} {R} skipped<4" },
        // A name is that of its own branch, and comes out of it with its end.
        { "df.join(('a' |=> 'x') ~> df.if_rows('x', 't', 'e'), 'b' |=> 'x')", """2 6={"rows":[],"row_count":0}""",
         $"{R} {R} {C} {R} {R} skipped<3 {C}" },
        // JOIN waits for all
        { "df.join('a', 'b', 'c')", "1", $"{R} {C} {R} {R}" },
        { "df.join('a', 'b', 'c')", "2!no", $"{R} {R} {F} {R}" },
        // RACE: the first decides
        { "df.race('a' ~> 'b', 'c') ~> 'd'", "3", $"{R} {R} {R} {C} {R} {R} {P}" },
        { "df.race('a' ~> 'b', 'c') ~> 'd'", "3 5", $"{R} {C} skipped<1 {C} skipped<1 {C} {R}" },
        { "df.race('a' ~> 'b', 'c') ~> 'd'", "5", $"{R} {C} skipped<1 skipped<1 skipped<1 {C} {R}" },
        // … and a loop that loses has failed
        { "df.race(df.loop('a' ~> 'b'), 'c') ~> 'd'", "4@2:1 6", $"{R} {C} {F} skipped<2 {C} skipped<2 {C} {R}" },
        { "df.race(df.retry(df.loop('a')), 'b') ~> 'c'", "5", $"{R} {C} skipped<1 skipped<1 skipped<1 {C} {R}" },
        { "df.race(df.if('c', 't', 'e'), 'b') ~> 'c'", "5 6", $"{R} {C} skipped<1 skipped<1 skipped<2 {C} {C} {R}" },
        // LOOP: body, condition
        { "df.loop('a' ~> 'b')", "2@0:1", $"{R} {R} {C} {R}" },
        { "df.loop('a', 'c')", "1@0:1", $"{R} {C} {R}" },
        { "df.loop('a', 'c')", "1@0:1 2@0:1", $"{R} {C} {C}" },
        { "df.loop('a', 'c') ~> 'd'", """2@1:1 3@1:1={"rows":[{"b":false}],"row_count":1}""", $"{R} {C} {C} {C} {R}" },
        { "df.loop('a' ~> df.break('7')) ~> 'd'", "3@1:1", $"{R} {C} {C} {C} {C} {R}" },
        // The worker comes to writing that an iteration is over when later ones have begun.
        { "df.loop('a', 'c') ~> 'd'", """2@1:1 3@1:1 2@1:2 3@1:2={"rows":[{"b":false}],"row_count":1}""", $"{R} {C} {C} {C} {R}" },
        // A loop that continues on failure: the next iteration begins, unless the failure is fatal
        { "df.loop('a' ~> 'b', 'c', true)", "2@0:1 3@0:1!no", $"{R} {F} {C} {F} {P}" },
        { "df.loop('a' ~> 'b', 'c', true)", "2@0:1 3@0:1!no 0@0:1={}", $"{R} {R} {R} {P} {P}" },
        { "df.try(df.loop('a' ~> 'b', NULL, true), 'h')", "3@1:1!!no", $"{R} {F} {F} {F} skipped<2 {R}" },
        { "df.try(df.loop('a', 'c', true), 'h')", "2@1:1 3@1:1!no", $"{R} {F} {C} {F} {R}" },
        { "df.try(df.loop(df.loop('a', 'c'), NULL, true), 'h')", "3@1:1/2:1 4@1:1/2:1!no", $"{R} {F} {F} {C} {F} {R}" },
        { "df.loop(df.loop('a', 'c'), NULL, true)", "2@0:1/1:1!no", $"{R} {F} {F} skipped<1" },
        { "df.try(df.loop(df.join('a', 'b'), NULL, true), 'h')", "3@1:1!no 4@1:1!!no", $"{R} {F} {F} {F} {F} {R}" },
        { "df.loop(df.join('a', 'b'), NULL, true)", "2@0:1!no 3@0:1", $"{R} {F} {F} {C}" },
        { "df.loop(df.timeout('a', 5), NULL, true)", """1@0:1={"timed_out":true}""", $"{R} {F} cancelled<1" },
        { "df.loop(('a' <-> 'u') ~> 'b', NULL, true)", "3@0:1 5@0:1!no", $"{R} {F} {C} {C} {R} {F}" },
        { "df.loop(('a' <-> 'u') ~> 'b', NULL, true)", "3@0:1 5@0:1!no 4@0:1", $"{R} {F} {C} {C} {C} {F}" },
        // What ends as soon as it begins wins a race, and those behind it never begin.
        { "df.loop(df.race('w', df.break('7'), df.loop('l'))) ~> 'd'", "", $"{R} {C} {C} skipped<2 {C} skipped<2 skipped<2 {R}" },
        // RETRY: a transient failure is tried again, at the next attempt's path
        { "df.retry('a')", "1@0:1!no", $"{F} {F}" },
        { "df.retry('a', retry_on => ARRAY['22'])", "1@0:1!no", $"{R} {F}" },
        { "df.retry('a', retry_on => ARRAY['22'])", "1@0:1!no 0@0:1={}", $"{R} {R}" },
        { "df.retry('a', retry_on => ARRAY['22'])", "1@0:1!no 0@0:1={} 1@0:2", $"{C} {C}" },
        { "df.retry('a', 2, retry_on => ARRAY['22']) ~> 'b'", "2@1:1!no 1@1:1={} 2@1:2!no", $"{F} {F} {F} skipped<0" },
        // TIMEOUT: a checkpoint of its own says that the time was up
        { "df.timeout('a', 5) ~> 'b'", "2", $"{R} {C} {C} {R}" },
        { "df.try(df.timeout('a', 5), 'h')", """1={"timed_out":true}""", $"{R} {F} cancelled<1 {R}" },
        // TRY: body, handler, last part
        { "df.try('a', 'h', 'f') ~> 'd'", "2", $"{R} {R} {C} {P} {R} {P}" },
        { "df.try('a', 'h', 'f') ~> 'd'", "2 4", $"{R} {C} {C} skipped<1 {C} {R}" },
        { "df.try('a', 'h', 'f') ~> 'd'", "2!no", $"{R} {R} {F} {R} {P} {P}" },
        { "df.try('a', 'h', 'f') ~> 'd'", "2!no 3", $"{R} {R} {F} {C} {R} {P}" },
        { "df.try('a', 'h', 'f') ~> 'd'", "2!no 3!worse 4", $"{F} {F} {F} {F} {C} skipped<0" },
        { "df.try('a', df.break('1'), 'f')", "", $"{R} {R} {P} {P}" },
        // UNDO: of the completed steps, the latest first
        { "('a' <-> 'u') ~> 'b'", "2", $"{R} {C} {C} {P} {R}" },
        { "('a' <-> 'u') ~> 'b'", "2 4!no", $"{R} {C} {C} {R} {F}" },
        { "('a' <-> 'u') ~> ('b' <-> 'v') ~> 'c'", "3 6 8!no", $"{R} {C} {C} {C} {P} {C} {C} {R} {F}" },
        { "('a' <-> 'u') ~> ('b' <-> 'v') ~> 'c'", "3 6 8!no 7", $"{R} {C} {C} {C} {R} {C} {C} {C} {F}" },
        { "df.try(('a' <-> 'u') ~> 'b', 'h')", "3 5!no", $"{R} {F} {C} {C} {R} {F} {P}" },
        { "df.try(('a' <-> 'u') ~> 'b', 'h')", "3 5!no 4", $"{R} {F} {C} {C} {C} {F} {R}" },
        { "('a' <-> 'u') ~> df.break('1')", "2", $"{R} {C} {C} {R} {C}" },
        { "df.join(df.try(('a' <-> 'u') ~> 'b', 'h'), df.try(('c' <-> 'v') ~> 'd', 'g'))", "4 6!no 11 13!no",
         $"{R} {R} {F} {C} {C} {R} {F} {P} {R} {F} {C} {C} {R} {F} {P}" },
        // … one of an undo itself when that has ended; its own TRYs go on meanwhile
        { "('a' <-> (('u' <-> 'w') ~> 'x')) ~> 'b'", "2 8!no 5", $"{R} {C} {C} {R} {C} {C} {P} {R} {F}" },
        { "('a' <-> df.try('u', 'h')) ~> 'b'", "2 6!no 4!no", $"{R} {C} {C} {R} {F} {R} {F}" },
        // FOREACH: the items of a named result
        { "('q' |=> 'r') ~> df.foreach('r', 'a' ~> 'b')", "", $"{R} {R} {P} {P} {P} {P}" },
        { "('q' |=> 'r') ~> df.foreach('r', 'a' ~> 'b')", """1={"rows":[{"i":1},{"i":2}],"row_count":2}""", $"{R} {C} {R} {R} {R} {P}" },
        { "('q' |=> 'r') ~> df.foreach('r', 'a' ~> 'b')", """1={"rows":[{"i":1},{"i":2}],"row_count":2} 4@2:1 5@2:1""",
         $"{R} {C} {R} {R} {R} {R}" },
        { "(('q' |=> 'r') ~> df.foreach('r', 'a')) ~> 'z'", """2={"rows":[{"i":1},{"i":2}],"row_count":2} 4@3:1 4@3:0""",
         $"{R} {C} {C} {C} {C} {R}" },
        { "(('q' |=> 'r') ~> df.foreach('r', 'a')) ~> 'z'", """2={"rows":[],"row_count":0}""", $"{R} {C} {C} {C} skipped<3 {R}" },
        { "(('q' |=> 'r') ~> df.foreach('r', 'a')) ~> 'z'", """2={"rows":[{"i":1},{"i":2}],"row_count":2} 4@3:0 4@3:1!no""",
         $"{F} {F} {C} {F} {F} skipped<0" },
    };

    [Theory]
    [MemberData(nameof(Live))]
    public async Task Nodes_OfLivingInstance_AreWhereItIs(string expression, string recorded, string states)
    {
        var instance = await RecordedInstance.StartAsync(fixture, expression);
        await instance.RecordAsync(recorded.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(states, await instance.StatesAsync());
    }

    [Fact]
    public async Task Nodes_OfPendingInstance_ArePending()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a' ~> 'b'", pending: true);
        Assert.Equal("pending pending pending", await instance.StatesAsync());
        Assert.Equal("", await instance.NodeAsync("inferred_status_from_ancestor_id", 1));
    }

    [Fact]
    public async Task Nodes_OfCancelledInstance_AreStoppedOrPassedOver()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a' ~> 'b' ~> 'c'");
        await instance.RecordAsync("2");
        await instance.CancelAsync();
        Assert.Equal("cancelled cancelled completed cancelled skipped", await instance.StatesAsync());
        Assert.Equal("failed failed completed failed pending",
            await instance.TextAsync("SELECT string_agg(status, ' ' ORDER BY id) FROM df.nodes WHERE instance_id = $1"));
        Assert.Equal("canceled: enough", await instance.NodeAsync("error", 3));
    }

    [Fact]
    public async Task Nodes_OfInstanceThatFailedBeforeAnyStep_AreNotBlamed()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a' ~> 'b'");
        await instance.FailAsync("role gone");
        Assert.Equal("skipped skipped skipped", await instance.StatesAsync());
        Assert.Equal("pending", await instance.NodeAsync("status", 0));
    }

    [Theory]
    [InlineData("df.loop(df.break('7'))", "7", "completed completed")]
    [InlineData("df.break('7')", null, "failed")]
    public async Task Nodes_OfInstanceThatEndedBeforeAnyRow_HaveEnded(string expression, string? result, string states)
    {
        var instance = await RecordedInstance.StartAsync(fixture, expression);
        if (result is null)
            await instance.FailAsync("df.break() was called outside of a loop.");
        else
            await instance.CompleteAsync(result: result);
        Assert.Equal(states, await instance.StatesAsync());
    }

    [Fact]
    public async Task Nodes_BreakOutsideOfLoop_FailsTheRootOnly()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a' ~> df.break('v')");
        await instance.RecordAsync("1");
        await instance.FailAsync("df.break() was called outside of a loop.");
        Assert.Equal("failed completed completed", await instance.StatesAsync());
        Assert.Equal("\"v\"", await instance.NodeAsync("result", 2));
        Assert.StartsWith("\"df.break() was called", await instance.NodeAsync("result", 0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_NestedLoopsAfterCompletion_NothingIsOpen()
    {
        // outer 1, THEN 2, inner 3 with body 4 and condition 5, break 6
        var instance = await RecordedInstance.StartAsync(fixture, "'z' ~> df.loop(df.loop('a', 'c') ~> df.break('7'))");
        await instance.RecordAsync("1", "5@2:1/4:1", "6@2:1/4:1");
        await instance.CarryAsync(4, 6, "2:1/4:1");
        await instance.RecordAsync("5@2:1/4:2", """6@2:1/4:2={"rows":[{"b":false}],"row_count":1}""");
        await instance.CompleteAsync(result: "7");
        Assert.Equal("completed completed completed completed completed completed completed completed", await instance.StatesAsync());
        Assert.Equal("7", await instance.NodeAsync("result", 2));
        Assert.Equal("""{"path": "2:1/4:2", "number": 2}""", await instance.NodeAsync("status_details", 5));
    }

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

        // The name was bound in an iteration that is over.
        var carried = await RecordedInstance.StartAsync(fixture, "df.loop(df.if_rows('r', 't', 'e' |=> 'r'))");
        await carried.CarryAsync(0, 3, "0:1", """{"result":1,"names":{"r":{"result":{"rows":[{"a":1}],"row_count":1}}},"undos":[]}""");
        Assert.Equal("running running running skipped<1", await carried.StatesAsync());
    }

    [Fact]
    public async Task Error_OfEnclosingNodes_SaysWhichBranch()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "df.join('a', df.race('b', 'c'))");
        await instance.RecordAsync("1", "4!division by zero");
        Assert.Equal("JOIN branch 2 failed: RACE right branch failed: division by zero",
            await instance.NodeAsync("error", 0));
        Assert.Equal("\"RACE right branch failed: division by zero\"", await instance.NodeAsync("result", 2));
        Assert.Equal("22012 00000004 s 1 SELECT 1/0 try again", await instance.NodeAsync(
            "concat_ws(' ', error_details ->> 'sqlstate', error_details ->> 'node', error_details ->> 'step', error_details ->> 'attempt', error_details ->> 'sql', " +
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
        const string First = """{"last_error": {"node": "00000005", "message": "JOIN branch 2 failed: first", "sqlstate": "22012"}, "failed_iterations": 1}""";
        Assert.Equal(First, await instance.NodeAsync("status_details", 2));
        await instance.CarryAsync(
            2, 5, "2:1", """{"failed_iterations":1,"last_error":{"message":"JOIN branch 2 failed: first","sqlstate":"22012","node":"00000005"},"result":null,"names":{},"undos":[]}""");
        Assert.Equal(First, await instance.NodeAsync("status_details", 2));
        await instance.RecordAsync("4@2:2!second", "5@2:2");
        Assert.Equal("2 JOIN branch 1 failed: second", await instance.NodeAsync("concat_ws(' ', status_details ->> 'failed_iterations', status_details -> 'last_error' ->> 'message')", 2));
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
        Assert.Equal("JOIN branch 1 failed: step timed out after 1.5 s", await instance.NodeAsync("error", 0));
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

    // Where a query for one node spends its time is the instance it asks for, not the others.
    [Fact]
    public async Task Nodes_OfOneInstance_TouchNoOther()
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'a'");
        var plan = string.Join('\n',
            await fixture.ListAsync("carol", $"EXPLAIN SELECT * FROM df.nodes WHERE instance_id = '{instance.Id}'"));
        Assert.Contains("submissions_id_idx", plan, StringComparison.Ordinal);
        plan = string.Join('\n', await fixture.ListAsync("carol", $"EXPLAIN SELECT status FROM df.instances WHERE id = '{instance.Id}'"));
        Assert.Contains("submissions_id_idx", plan, StringComparison.Ordinal);
    }
}
