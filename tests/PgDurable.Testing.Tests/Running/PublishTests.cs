using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Running;

/// <summary>What a workflow publishes needs no answer, and the test can read it.</summary>
public sealed class PublishTests
{
    private static WorkflowTest<System.Text.Json.JsonElement> Test(int parts) =>
        WorkflowTest.For<PackOrder, PackOrder.Input>(new(7, parts))
            .Rows("part", new PackOrder.Part("a", 1.5m), new PackOrder.Part("b", 2));

    [Fact]
    public async Task State_WhileItWaits_IsTheLatest()
    {
        var result = await WorkflowTest.For<PackOrder, PackOrder.Input>(new(7, 2))
            .Rows("part", new PackOrder.Part("a", 1.5m)).Rows("part", new PackOrder.Part("b", 2.25m)).RunAsync();

        result.ShouldWait("collected").ShouldHaveRunExactly("part", "part");
        Assert.Equal(new PackOrder.Progress("packing", 2, new("b", 2.25m)), result.State<PackOrder.Progress>());
        Assert.Equal("""{"last": {"sku": "b", "weight": 2.25}, "phase": "packing", "packed": 2}""", result.StateJson);
    }

    [Fact]
    public async Task State_AfterTheEnd_IsTheLast()
    {
        var result = await Test(1).SignalAfter(TimeSpan.FromHours(1), "collected").CrashAfterEveryStep().RunAsync();

        result.ShouldComplete();
        Assert.Equal(new PackOrder.Progress("gone", 1, null), result.State<PackOrder.Progress>());
    }

    [Fact]
    public async Task State_NothingPublished_IsNull()
    {
        var result = await Test(0).RunAsync();

        Assert.Null(result.State<PackOrder.Progress>());
        Assert.Null(result.StateJson);
    }

    // The step is rolled back, and what it published too.
    [Fact]
    public async Task State_StepThatFails_IsTheOneBefore()
    {
        var graph = Df.Sql("SELECT df.publish($sys_instance_id, '1')")
            .Then(Df.Sql("SELECT df.publish($sys_instance_id, '2')").As("second"));

        var failed = await WorkflowTest.For(graph).FailStep("second", "22012").RunAsync();
        var crashed = await WorkflowTest.For(graph).CrashDuring("second").StopAfterStep("second").RunAsync();

        Assert.Equal(("1", "2"), (failed.StateJson, crashed.StateJson));
    }

    [Fact]
    public async Task State_OfAnotherType_SaysWhich()
    {
        var result = await Test(1).RunAsync();

        var error = Assert.Throws<InvalidOperationException>(() => result.State<PackOrder.Part>());

        Assert.Contains("publishes PgDurable.Testing.Tests.Samples.PackOrder+Progress, not", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_PublishedByAChildForItsParent_IsTheParents()
    {
        var child = Definitions.Of("child", Df.Sql("SELECT df.publish($input.parent, '\"from the child\"')"));
        var graph = Df.Call("child", System.Text.Json.Nodes.JsonNode.Parse("""{"parent": "$sys_instance_id"}"""));

        var result = await WorkflowTest.For(graph).Child(child).RunAsync();

        Assert.Equal("\"from the child\"", result.StateJson);
    }

    [Fact]
    public void Explore_Publish_IsNoDefect() =>
        Assert.All(
            WorkflowPaths.Explore(PackOrder.Definition, new() { MaxFailures = 0 }).Defects,
            path => Assert.Contains("part: no rows", path.Choices));
}
