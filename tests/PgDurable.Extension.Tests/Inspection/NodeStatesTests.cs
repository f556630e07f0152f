namespace PgDurable.Extension.Tests.Inspection;

/// <summary>
/// The states of all nodes, derived from the checkpoints. Nodes are numbered in pre-order: left, right, condition, further branches.
/// </summary>
[Collection(InspectionCollection.Name)]
public sealed partial class NodeStatesTests(InspectionFixture fixture)
{
    const string P = "pending", R = "running", C = "completed", F = "failed";

    // The expression, the records, the states of the nodes from 0.
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
        // A name belongs to its branch, and becomes visible outside at the end of the branch.
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
        // The worker records the end of an iteration after later ones have begun.
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
        // A branch that ends as soon as it begins wins the race, and the branches after it never begin.
        { "df.loop(df.race('w', df.break('7'), df.loop('l'))) ~> 'd'", "", $"{R} {C} {C} skipped<2 {C} skipped<2 skipped<2 {R}" },
        // RETRY: a transient failure is tried again, at the next attempt's path
        { "df.retry('a')", "1@0:1!no", $"{F} {F}" },
        { "df.retry('a', retry_on => ARRAY['22'])", "1@0:1!no", $"{R} {F}" },
        { "df.retry('a', retry_on => ARRAY['22'])", "1@0:1!no 0@0:1={}", $"{R} {R}" },
        { "df.retry('a', retry_on => ARRAY['22'])", "1@0:1!no 0@0:1={} 1@0:2", $"{C} {C}" },
        { "df.retry('a', 2, retry_on => ARRAY['22']) ~> 'b'", "2@1:1!no 1@1:1={} 2@1:2!no", $"{F} {F} {F} skipped<0" },
        // TIMEOUT: its own checkpoint says that the time was up
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
        // … an undo inside an undo runs after it has ended; TRYs inside go on meanwhile
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
}
