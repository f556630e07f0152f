
namespace PgDurable.Testing.Tests.Paths;

public sealed class WorkflowPathsTests
{
    static readonly PathOptions NoFailures = new() { MaxFailures = 0 };

    [Fact]
    public void Explore_Sequence_IsOnePathAndOneFailureEach()
    {
        var report = WorkflowPaths.Explore(Df.Sql("INSERT INTO a VALUES (1)").Then("INSERT INTO b VALUES (2)"));

        Assert.Equal(
            ["1. no choices ⇒ completed".Replace(
                "no choices", "INSERT INTO a VALUES (1): 1 row, INSERT INTO b VALUES (2): 1 row", StringComparison.Ordinal),
                "2. INSERT INTO a VALUES (1): 1 row, INSERT INTO b VALUES (2): fails (P0001) "
                    + "⇒ failed with P0001 at INSERT INTO b VALUES (2): made to fail",
                "3. INSERT INTO a VALUES (1): fails (P0001) ⇒ failed with P0001 at INSERT INTO a VALUES (1): made to fail"],
            report.Paths.Select(path => path.ToString()));
        Assert.Equal(1, report.Coverage);
        Assert.True(report.IsComplete);
        Assert.Equal(2, report.UnhandledErrors.Count());
        Assert.Empty(report.Defects);
    }

    [Fact]
    public void Explore_LoopThatContinuesOnFailure_GoesOnAfterOneAndIsLeftInTheEnd()
    {
        var report = WorkflowPaths.Explore(Df.Loop("INSERT INTO a VALUES (1)", "SELECT false", continueOnFailure: true));
        Assert.Contains(report.Paths, path => path.ToString().EndsWith(
            "INSERT INTO a VALUES (1): fails (P0001), INSERT INTO a VALUES (1): 1 row, SELECT false: false ⇒ completed",
            StringComparison.Ordinal));

        Assert.True(WorkflowPaths.Explore(Df.Loop(Df.Fail("no"), "SELECT false", continueOnFailure: true)).IsComplete);
    }

    [Fact]
    public void Explore_If_TakesBothWays()
    {
        var report = WorkflowPaths
            .Explore(Df.If("SELECT count(*) > 5 FROM t", "INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)"), NoFailures);

        Assert.Equal(["INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)"], report.Paths.Select(path => path.Steps[^1]));
    }

    [Fact]
    public void Explore_ConditionThatIsKnown_TakesOneWay()
    {
        var report = WorkflowPaths
            .Explore(Df.If("SELECT 1 > 5", "INSERT INTO a VALUES (1)", Df.Sql("INSERT INTO b VALUES (1)").As("b")), NoFailures);

        Assert.Equal("b", Assert.Single(report.Paths).Steps[^1]);
        Assert.Equal(["1 'INSERT INTO a VALUES (1)'"], report.Uncovered);
        Assert.Contains("never reached: 1", report.ToString());
        Assert.Equal(0.75, report.Coverage);
    }

    [Fact]
    public void Explore_RowThatMayNotBeThere_IsADefect()
    {
        var report = WorkflowPaths
            .Explore(Df.Sql("SELECT total FROM orders").As("order").Then("UPDATE t SET x = $order.total"), NoFailures);

        var defect = Assert.Single(report.Defects);
        Assert.Equal("22004", defect.Error!.SqlState);
        Assert.Equal(["order: no rows"], defect.Choices);
    }

    [Fact]
    public void Explore_RowThatMayBeMissing_IsNoDefectWhenTheWorkflowLooks() => Assert.Empty(WorkflowPaths.Explore(
        Df.Sql("SELECT total FROM orders").As("order")
            .Then(Df.IfRows("order", "UPDATE t SET x = $order.total", "SELECT 0")), NoFailures).Defects);

    [Fact]
    public void Explore_Aggregate_AlwaysHasARow() => Assert.Single(
        WorkflowPaths.Explore(Df.Sql("SELECT count(*) AS n FROM orders").As("order").Then("UPDATE t SET x = $order.n"), NoFailures).Paths);

    [Theory]
    [InlineData("SELECT $i.n > 3 FROM t", new[] { 1, 2, 3 })]
    [InlineData(null, new[] { 2 })]
    public void Explore_Loop_GoesRoundOnceTwiceAndThrice(string? condition, int[] rounds)
    {
        var report = WorkflowPaths.Explore(Df.Loop(Df.Sql("SELECT count(*) AS n FROM t").As("i"), condition), NoFailures);

        Assert.Equal(rounds, report.Paths.Select(path => path.Steps.Count(step => step == "i")).Order());
    }

    [Fact]
    public void Explore_ForEach_HasNoOneAndTwoItems()
    {
        var report = WorkflowPaths.Explore(
            Df.Sql("SELECT id FROM t").As("list").Then(Df.ForEach("list", Df.Sql("UPDATE u SET x = $item.id").As("u"))), NoFailures);

        Assert.Equal([0, 1, 2], report.Paths.Select(path => path.Steps.Count(step => step == "u")).Order());
        Assert.Empty(report.Defects);
    }

    [Fact]
    public void Explore_Try_ReachesTheHandlerAndItsFailure()
    {
        var report = WorkflowPaths
            .Explore(Df.Try(Df.Sql("INSERT INTO a VALUES (1)").As("a"), Df.Sql("INSERT INTO e VALUES ($error.message)").As("e")));

        Assert.Equal(["a: 1 row", "a: fails (P0001), e: 1 row", "a: fails (P0001), e: fails (P0001)"], report.Paths
            .Select(path => string.Join(", ", path.Choices)));
        Assert.Equal(1, report.Coverage);
        Assert.Single(report.UnhandledErrors);
    }

    [Fact]
    public void Explore_Retry_HelpsOrNot()
    {
        var report = WorkflowPaths.Explore(Df.Retry(Df.Sql("INSERT INTO a VALUES (1)").As("a"), 4));

        Assert.Equal([(1, WorkflowStatus.Completed), (2, WorkflowStatus.Completed), (4, WorkflowStatus.Failed)], report.Paths
            .Select(path => (path.Steps.Count, path.Status)));
    }

    [Fact]
    public void Explore_RetryOfOtherStates_FailsWithThose()
    {
        var report = WorkflowPaths.Explore(Df.Retry(Df.Sql("INSERT INTO a VALUES (1)").As("a"), 2, retryOn: ["23505"]));

        Assert.Contains("23505", report.Paths[^1].Error!.SqlState);
    }

    [Fact]
    public void Explore_SignalAndTimeout_ComeAndDont()
    {
        var report = WorkflowPaths
            .Explore(Df.Try(Df.Timeout(Df.WaitForSignal("go", 3600).As("go"), 60), "INSERT INTO late VALUES (1)"), NoFailures);

        // An hour is longer than a minute: the signal's own time-out never comes.
        Assert.Equal(["TIMEOUT: in time, go: comes", "TIMEOUT: in time, go: times out", "TIMEOUT: times out"], report.Paths
            .Select(path => string.Join(", ", path.Choices)));
        Assert.Equal(["go", "TIMEOUT", "TIMEOUT"], report.Paths.Select(path => path.Steps[0]));
        Assert.All(report.Paths, path => Assert.Equal(WorkflowStatus.Completed, path.Status));
    }

    [Fact]
    public void Explore_Race_EachBranchIsFirst()
    {
        var report = WorkflowPaths
            .Explore(Df.Race(Df.WaitForSignal("go").As("a"), Df.Sleep(5), Df.Sql("INSERT INTO t VALUES (1)").As("c")), NoFailures);

        Assert.Equal(["a", "SLEEP", "c"], report.Paths.Select(path => Assert.Single(path.Steps)));
    }

    [Fact]
    public void Explore_Undo_RunsWhenSomethingFailsLater()
    {
        var report = WorkflowPaths.Explore(Df.WithUndo("INSERT INTO a VALUES (1)", "DELETE FROM a").Then("INSERT INTO b VALUES (1)"));

        Assert.Equal(1, report.Coverage);
        Assert.Contains(report.Paths, path => path.Steps.Contains("DELETE FROM a"));
    }

    [Fact]
    public void Explore_Fail_IsNoUnhandledError() => Assert.Empty(
        WorkflowPaths.Explore(Df.If("SELECT x FROM t", Df.Fail("no"), "SELECT 1"), NoFailures).UnhandledErrors);

    [Fact]
    public void Explore_TooMany_SaysSo()
    {
        DfNode graph = "SELECT 0";
        for (var i = 0; i < 12; i++)
            graph = graph.Then(Df.If("SELECT x FROM t", "INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)"));

        var report = WorkflowPaths.Explore(graph, new PathOptions { MaxPaths = 100, MaxFailures = 0 });

        Assert.False(report.IsComplete);
        Assert.Equal(100, report.Paths.Count);
        Assert.Contains("cut off", report.ToString());
    }

    public static IEnumerable<object[]> OrderApprovalPaths => WorkflowPaths.Explore(OrderApproval.Definition, NoFailures).Cases;

    [Theory]
    [MemberData(nameof(OrderApprovalPaths))]
    public void OrderApproval_EveryPath_DecidesOrHasNoOrder(WorkflowPath path)
    {
        if (path.Choices.Contains("order: no rows"))
            Assert.Equal("22004", path.Error!.SqlState);
        else
            Assert.StartsWith("UPDATE orders SET status", path.Steps[^1]);
    }

    [Fact]
    public void OrderApproval_TimedOut_IsNeverApproved() => Assert.DoesNotContain(
        WorkflowPaths.Explore(OrderApproval.Definition, NoFailures).Paths,
        path => path.Choices.Contains("approval: times out") && path.Steps.Any(step => step.Contains("'approved'")));

    [Fact]
    public void Samples_AreReachedEverywhere() => Assert.All(
        new WorkflowDefinition[] { OrderApproval.Definition, EmbedChunks.Definition, IngestBatch.Definition, BloatWatch.Definition,
            DailyTotals.Definition },
        definition =>
        {
            var report = WorkflowPaths.Explore(definition);
            Assert.True(report.Coverage == 1, $"{definition.Name}: {report}");
        });
}
