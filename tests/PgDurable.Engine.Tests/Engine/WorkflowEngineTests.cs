using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>SQL steps, sequences, names, and what can't be run.</summary>
public class WorkflowEngineTests
{
    [Fact]
    public void Start_SingleStep_IssuesIt()
    {
        var run = new EngineRun(Step("SELECT 1"));

        Assert.Equal(new Command.RunSql(new ExecutionKey(0, ""), "SELECT 1"), Assert.Single(run.Open));
        Assert.Null(run.Outcome);
    }

    [Fact]
    public void Advance_LastStep_CompletesWithItsExecution()
    {
        var run = new EngineRun(Sequence(Step("a"), Step("b"), Step("c")));
        run.Complete("a").Complete("b").Complete("c", Row(7));

        Assert.Equal(new Outcome.Completed(new ExecutionKey(4, ""), Row(7)), run.Outcome);
    }

    [Fact]
    public void Advance_NameOnThen_BindsTheRightResult()
    {
        var run = new EngineRun(Then(Then(Step("a", "x"), Step("b"), "x"), Step("SELECT $x.v")));
        run.Complete("a", Row(1)).Complete("b", Row(2));

        Assert.Equal("SELECT ('2'::pg_catalog.int4)", run.Statements);
    }

    [Fact]
    public void Start_InputReference_IsReplaced() =>
        Assert.Equal("SELECT 7", new EngineRun(Step("SELECT $input.k"), """{"k":7}""").Statements);

    [Fact]
    public void Start_Variable_IsReplaced() =>
        Assert.Equal("SELECT 'eu', '0a1b2c3d'", new EngineRun(Step("SELECT '{region}', '{sys_instance_id}'")).Statements);

    [Fact]
    public void Advance_NextStepHasNoValue_FailsThatStepWithoutRunningIt()
    {
        var run = new EngineRun(Then(Step("a", "x"), Step("SELECT $x.missing")));
        run.Complete("a");

        Assert.Equal(new ExecutionKey(2, ""), Assert.IsType<Outcome.Failed>(run.Outcome).Origin);
        Assert.Contains("no field 'missing' (available: v)", run.Error.Message, StringComparison.Ordinal);
        Assert.NotNull(run.Error.Hint);
    }

    [Theory]
    [InlineData("SELECT 1; SELECT 2", "one SQL statement")]
    [InlineData("COMMIT", "transaction")]
    [InlineData("SELECT 'open", "nterminated")]
    public void Start_StatementThatCannotBeAStep_Fails(string sql, string expected) =>
        Assert.Contains(expected, new EngineRun(Step(sql)).Error.Message, StringComparison.Ordinal);

    [Fact]
    public void Advance_Failure_EndsTheInstanceAtThatStep()
    {
        var run = new EngineRun(Sequence(Step("a"), Step("b"), Step("c")));
        run.Complete("a").Fail("b");
        var failed = Assert.IsType<Outcome.Failed>(run.Outcome);

        Assert.Equal((new ExecutionKey(3, ""), "boom"), (failed.Origin!.Value, failed.Error.Message));
        Assert.Equal([new ExecutionKey(3, "")], failed.FailedSteps.AsEnumerable());
    }

    [Fact]
    public void Advance_ExecutionNotInFlight_ChangesNothing()
    {
        var run = new EngineRun(Step("a"));
        var decision = WorkflowEngine.Advance(run.State, new Checkpoint(new ExecutionKey(3, ""), EngineRun.Noon, Row(1), null, 1));

        Assert.Empty(decision.Commands);
        Assert.Equal("a", run.Statements);
    }

    [Fact]
    public void Start_DeepestGraph_DoesNotOverflow()
    {
        var graph = Step("a");
        for (var i = 0; i < Graph.WorkflowGraph.MaxDepth; i++) graph = Then(graph, Step("a"));
        var run = new EngineRun(graph);
        var steps = 0;
        for (; run.Outcome is null; steps++) run.Complete("a");

        Assert.Equal(Graph.WorkflowGraph.MaxDepth + 1, steps);
    }
}
