using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Running;

/// <summary>What a workflow tags needs no answer, and the test can read it.</summary>
public sealed class TagTests
{
    [Fact]
    public async Task Tags_OfTheInputAndOfSteps_AreTheLatest()
    {
        var result = await WorkflowTest.For<TaggedOrder, TaggedOrder.Input>(new(42, null, true)).CrashAfterEveryStep().RunAsync();

        result.ShouldComplete().ShouldHaveRunExactly();
        Assert.Equal(
            new Dictionary<string, string> { ["customer"] = "42", ["urgent"] = "true", ["phase"] = "order 42 packed" }, result.Tags);
    }

    [Fact]
    public void Explore_Tag_IsNoDefect() => Assert.Empty(WorkflowPaths.Explore(TaggedOrder.Definition, new() { MaxFailures = 0 }).Defects);

    [Fact]
    public async Task Tag_StepThatFails_IsNotThere()
    {
        var graph = Df.Sql("SELECT df.tag($sys_instance_id, 'a', '1')")
            .Then(Df.Sql("SELECT df.tag($sys_instance_id, 'a', '2')").As("second"));

        var failed = await WorkflowTest.For(graph).FailStep("second", "22012").RunAsync();

        Assert.Equal("1", failed.Tags["a"]);
    }
}
