using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

public class WorkflowEngineTests
{
    [Fact]
    public void Start_SingleStep_IssuesIt()
    {
        var decision = WorkflowEngine.Start(NewState(Step("SELECT 1")));

        Assert.Equal(new Command(new ExecutionKey(0, ""), "SELECT 1"), Assert.Single(decision.Commands));
        Assert.Null(decision.Outcome);
    }

    [Fact]
    public void Advance_LastStep_CompletesWithItsExecution()
    {
        var state = NewState(Then(Then(Step("a"), Step("b")), Step("c")));
        var decision = WorkflowEngine.Start(state);
        foreach (var expected in (string[])["a", "b", "c"])
        {
            var command = Assert.Single(decision.Commands);
            Assert.Equal(expected, command.Sql);
            decision = WorkflowEngine.Advance(state, new Checkpoint(command.Execution, Row(1)));
        }

        Assert.Empty(decision.Commands);
        Assert.Equal(new Outcome.Completed(new ExecutionKey(4, "")), decision.Outcome);
    }

    [Fact]
    public void Advance_NameOnThen_BindsTheRightResult()
    {
        var state = NewState(Then(Then(Step("a", "x"), Step("b"), "x"), Step("SELECT $x.v")));
        Advance(state, 1, WorkflowEngine.Start(state));
        var decision = WorkflowEngine.Advance(state, new Checkpoint(state.InFlight.Keys.Single(), Row(2)));

        Assert.Contains("2", Assert.Single(decision.Commands).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_InputReference_IsReplaced()
    {
        var decision = WorkflowEngine.Start(NewState(Step("SELECT $input.k"), """{"k":7}"""));

        Assert.Equal("SELECT 7", Assert.Single(decision.Commands).Sql);
    }

    [Fact]
    public void Advance_NextStepHasNoValue_FailsThatStepWithoutRunningIt()
    {
        var state = NewState(Then(Step("a", "x"), Step("SELECT $x.missing")));
        var decision = Advance(state, 1, WorkflowEngine.Start(state));

        Assert.Empty(decision.Commands);
        var failed = Assert.IsType<Outcome.Failed>(decision.Outcome);
        Assert.Equal(new ExecutionKey(2, ""), failed.Execution);
        Assert.Contains("no field 'missing' (available: v)", failed.Error.Message, StringComparison.Ordinal);
        Assert.NotNull(failed.Error.Hint);
    }

    [Theory]
    [InlineData("SELECT 1; SELECT 2", "one SQL statement")]
    [InlineData("COMMIT", "transaction")]
    [InlineData("SELECT 'open", "nterminated")]
    public void Start_StatementThatCannotBeAStep_Fails(string sql, string expected)
    {
        var failed = Assert.IsType<Outcome.Failed>(WorkflowEngine.Start(NewState(Step(sql))).Outcome);

        Assert.Contains(expected, failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Advance_ExecutionNotInFlight_IsAnError()
    {
        var state = NewState(Step("a"));
        WorkflowEngine.Start(state);

        Assert.Throws<InvalidOperationException>(() => WorkflowEngine.Advance(state, new Checkpoint(new ExecutionKey(3, ""), Row(1))));
    }

    [Fact]
    public void Start_DeepestGraph_DoesNotOverflow()
    {
        var graph = Step("a");
        for (var i = 0; i < Graph.WorkflowGraph.MaxDepth; i++) graph = Then(graph, Step("b"));
        var state = NewState(graph);
        var decision = WorkflowEngine.Start(state);
        var steps = 0;
        for (; decision.Outcome is null; steps++) decision = Advance(state, steps, decision);

        Assert.Equal(Graph.WorkflowGraph.MaxDepth + 1, steps);
    }

    // The rule that makes recovery right: checkpoints, folded into a new state at any moment, lead to the commands that were in flight then, and on to the same end.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recover_EveryPrefixOfARandomRun_DecidesTheSame(int seed)
    {
        var random = new Random(seed);
        var graph = Graphs.Random(random, random.Next(1, 40));
        var state = NewState(graph);
        var decision = WorkflowEngine.Start(state);
        var recorded = new List<Checkpoint>();
        while (true)
        {
            var recovered = NewState(graph);
            var again = WorkflowEngine.Recover(recovered, Shuffled(recorded, random));
            Assert.Equal(decision.Commands.AsEnumerable(), again.Commands.AsEnumerable());
            Assert.Equal(decision.Outcome, again.Outcome);
            Assert.Equal(state.Names.OrderBy(n => n.Key, StringComparer.Ordinal), recovered.Names.OrderBy(n => n.Key, StringComparer.Ordinal));
            Assert.Equal(state.InFlight.Keys.Order(Comparer<ExecutionKey>.Create((a, b) => a.Node.CompareTo(b.Node))), recovered.InFlight.Keys);
            if (decision.Outcome is not null) break;

            recorded.Add(new Checkpoint(Assert.Single(decision.Commands).Execution, Row(random.Next(-5, 5))));
            decision = WorkflowEngine.Advance(state, recorded[^1]);
        }
        Assert.IsType<Outcome.Completed>(decision.Outcome);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 100)];

    private static Decision Advance(WorkflowState state, int value, Decision decision) =>
        WorkflowEngine.Advance(state, new Checkpoint(Assert.Single(decision.Commands).Execution, Row(value)));

    // In the order in which a table may return them: any.
    private static List<Checkpoint> Shuffled(List<Checkpoint> checkpoints, Random random)
    {
        var copy = checkpoints.ToArray();
        random.Shuffle(copy);
        return [.. copy];
    }
}
