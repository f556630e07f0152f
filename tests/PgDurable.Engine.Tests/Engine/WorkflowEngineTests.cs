using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;
using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine;

public class WorkflowEngineTests
{
    [Fact]
    public void Start_SingleStep_IssuesIt()
    {
        var run = new EngineRun(Step("SELECT 1"));

        Assert.Equal(new Command.RunSql(new ExecutionKey(0, ""), new SubstitutedSql("SELECT 1", new ParameterizedSql("SELECT 1", []))),
            run.Find("SELECT 1"));
        Assert.Equal(["SELECT 1"], run.Commands);
        Assert.Null(run.Outcome);
    }

    // {sys_label} is inserted literally, and anybody may choose a label.
    [Fact]
    public void Start_LabelAsAReference_IsAValue()
    {
        var state = new WorkflowState(WorkflowGraph.Parse(Step("SELECT $sys_label || $sys_instance_id")), new InstanceFacts(
            "i1", "'; DROP TABLE t; --\"", null, System.Collections.Immutable.ImmutableDictionary<string, string>.Empty,
            TimeSpan.FromSeconds(1)));

        var command = Assert.IsType<Command.RunSql>(Assert.Single(WorkflowEngine.Start(state, EngineRun.Began).Commands));

        Assert.Equal("SELECT '''; DROP TABLE t; --\"' || 'i1'", command.Sql);
    }

    [Fact]
    public void Start_StartedAt_IsAMomentOfTheDatabasesClock()
    {
        var run = new EngineRun(Step("SELECT $sys_started_at"));

        Assert.Equal(["SELECT '2026-01-01T00:00:00+00:00'"], run.Commands);
    }

    [Fact]
    public void Advance_LastStep_CompletesWithItsExecution()
    {
        var run = new EngineRun(Then(Step("a"), Step("b"), Step("c")));
        foreach (var step in (string[])["a", "b", "c"])
        {
            Assert.Equal([step], run.Commands);
            run.Complete(step);
        }

        Assert.Empty(run.Commands);
        Assert.Equal(new ExecutionKey(4, ""), run.Source);
    }

    [Fact]
    public void Advance_FailedStep_FailsTheInstanceAndRunsNothingMore()
    {
        var run = new EngineRun(Then(Step("a"), Step("b")));
        run.Fail("a", "no such table", "42P01");

        Assert.Empty(run.Commands);
        Assert.Equal(new StepError("no such table", "42P01"), run.Failure.Error);
        Assert.Equal(new ExecutionKey(1, ""), run.Failure.Origin);
        Assert.Equal(["a@"], run.FailedSteps);
    }

    [Fact]
    public void Advance_NameOnThen_BindsTheRightResult()
    {
        var run = new EngineRun(Then(Then(Step("a").As("x"), Step("b")).As("x"), Step("SELECT $x.v")));
        run.Complete("a", Row(1));
        run.Complete("b", Row(2));

        Assert.Equal(["SELECT ('2'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Start_InputReference_IsReplaced() =>
        Assert.Equal(["SELECT 7"], new EngineRun(Step("SELECT $input.k"), """{"k":7}""").Commands);

    [Fact]
    public void Start_Variables_AreReplacedBeforeReferences()
    {
        var run = new EngineRun(Step("SELECT {pick}, '{sys_instance_id}'"), """{"k":7}""", variables: ("pick", "$input.k"));

        Assert.Equal(["SELECT 7, 'i1'"], run.Commands);
    }

    [Fact]
    public void Advance_NextStepHasNoValue_FailsThatStepWithoutRunningIt()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Step("SELECT $x.missing")));
        run.Complete("a");

        Assert.Empty(run.Commands);
        Assert.Equal(new ExecutionKey(2, ""), run.Failure.Origin);
        Assert.Equal("22004", run.Failure.Error.SqlState);
        Assert.Contains("no field 'missing' (available: v)", run.Failure.Error.Message, StringComparison.Ordinal);
        Assert.NotNull(run.Failure.Error.Hint);
    }

    [Fact]
    public void Advance_NullSafeReferenceToNoRows_IsNull()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Step("SELECT $x.v?, $x?")));
        run.Complete("a", Rows());

        Assert.Equal(["SELECT (NULL::pg_catalog.int4) AS \"?column?\", (NULL::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_StrictReferenceToNoRows_FailsThatStep()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Step("SELECT $x.v")));
        run.Complete("a", Rows());

        Assert.StartsWith("$x has no rows", run.Failure.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1; SELECT 2", "one SQL statement")]
    [InlineData("COMMIT", "transaction")]
    [InlineData("SELECT 'open", "nterminated")]
    public void Start_StatementThatCannotBeAStep_IsRefused(string sql, string expected)
    {
        var run = new EngineRun(Step(sql));

        Assert.Empty(run.Commands);
        Assert.Equal(sql, run.Failure.Error.Sql);
        Assert.Contains(expected, run.Failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Advance_ExecutionNotInFlight_ChangesNothing()
    {
        var run = new EngineRun(Step("a"));
        run.Feed(new ExecutionKey(3, ""), Row(1), null);

        Assert.Empty(run.Commands);
        Assert.Equal(["a"], run.Open);
    }

    [Fact]
    public void Advance_AfterTheEnd_ChangesNothing()
    {
        var run = new EngineRun(Step("a"));
        run.Complete("a", Row(1));
        run.Feed(new ExecutionKey(0, ""), Row(2), null);

        Assert.Equal(Row(1).Json, run.Result);
    }

    [Fact]
    public void Start_DeepestGraph_DoesNotOverflow()
    {
        var run = new EngineRun(Then([.. Enumerable.Range(0, WorkflowGraph.MaxDepth + 1).Select(i => Step($"s{i}"))]));
        var steps = 0;
        for (; run.Outcome is null; steps++)
            run.Complete($"s{steps}");

        Assert.Equal(WorkflowGraph.MaxDepth + 1, steps);
    }
}
