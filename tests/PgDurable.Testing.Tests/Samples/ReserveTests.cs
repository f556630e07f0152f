namespace PgDurable.Testing.Tests.Samples;

public sealed class ReserveTests
{
    [Fact]
    public async Task Cancel_AfterTheReservation_UndoesIt()
    {
        var result = await Test().CancelAfter(TimeSpan.FromHours(1), "changed my mind").RunAsync();

        Assert.Equal((WorkflowStatus.Cancelled, "canceled: changed my mind"), (result.Status, result.Error!.Message));
        Assert.Equal(["INSERT", "DELETE"], Words(result));
    }

    [Fact]
    public async Task Cancel_WithACrashAfterEachStep_UndoesItOnce()
    {
        var result = await Test().CancelAfter(TimeSpan.FromHours(1)).CrashAfterEveryStep().RunAsync();

        Assert.Equal(WorkflowStatus.Cancelled, result.Status);
        Assert.Equal(["INSERT", "DELETE"], Words(result));
    }

    [Fact]
    public async Task Pay_BeforeACancel_IsNotUndone()
    {
        var result = await Test().SignalAfter(TimeSpan.FromMinutes(1), "paid").CancelAfter(TimeSpan.FromHours(1)).RunAsync();

        result.ShouldComplete();
        Assert.Equal(["INSERT", "INSERT"], Words(result));
    }

    [Fact]
    public void Explore_ItsPaths_HasNoDefects() => Assert.Empty(WorkflowPaths.Explore(Reserve.Definition).Defects);

    static IEnumerable<string> Words(WorkflowTestResult<System.Text.Json.JsonElement> result) =>
        result.Executed.Where(step => step.Kind == Graph.NodeKind.Sql).Select(step => step.Sql.Split(' ')[0]);

    static WorkflowTest<System.Text.Json.JsonElement> Test() =>
        WorkflowTest.For<Reserve, Reserve.Input>(new("a")).AnswerWrites();
}
