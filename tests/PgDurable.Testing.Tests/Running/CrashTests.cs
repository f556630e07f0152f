namespace PgDurable.Testing.Tests.Running;

public sealed class CrashTests
{
    [Fact]
    public async Task CrashDuring_SecondAttempt_LosesThatOne()
    {
        var result = await WorkflowTest.For(Df.Loop(Df.Sql("SELECT n FROM t").As("n"), "SELECT $n < 3"))
            .Rows("n", 1).Rows("n", 2).Rows("n", 3).CrashDuring("n", attempt: 2).RunAsync();

        Assert.Equal([false, true, false], result.Executed.Where(step => step.Name == "n").Select(step => step.Crashed).Take(3));
    }

    [Fact]
    public async Task CrashAfter_Wait_GoesOnBehindIt()
    {
        var result = await WorkflowTest.For(Df.Sleep(60).Then(Df.WaitForSignal("go").As("go")).Then("SELECT $go.data AS d"))
            .SignalAfter(TimeSpan.FromMinutes(5), "go", 7).CrashAfter("SLEEP").CrashAfter("go").RunAsync();

        Assert.Equal(7, result.Output.GetProperty("rows")[0].GetProperty("d").GetInt32());
        Assert.Equal(TimeSpan.FromMinutes(5), result.Elapsed);
        Assert.Equal(2, result.Trace.Split("the worker crashes").Length - 1);
    }

    [Fact]
    public async Task CrashAfter_StepsOfAJoin_KeepsWhatWasDone()
    {
        var result = await WorkflowTest.For(Df.Join(Df.Sql("SELECT 1 AS a"), Df.Sql("SELECT 2 AS b"), Df.Sql("SELECT 3 AS c")))
            .CrashAfterEveryStep().RunAsync();

        result.ShouldComplete();
        Assert.Equal(3, result.Executed.Count);
        Assert.Equal([1, 2, 3], result.Output.EnumerateArray()
            .Select(branch => branch.GetProperty("rows")[0].EnumerateObject().First().Value.GetInt32()));
    }

    [Fact]
    public async Task CrashAfter_InALoop_GoesOnInTheSameRound()
    {
        var graph = Df.Loop(Df.Sql("SELECT n FROM t").As("n").Then("INSERT INTO log VALUES ($n)"), "SELECT $n < 30");
        var n = 0;
        var result = await WorkflowTest.For(graph).Rows("n", _ => ++n).AnswerWrites().CrashAfterEveryStep().RunAsync();

        Assert.Equal(Enumerable.Range(1, 30).Select(i => $"INSERT INTO log VALUES (('{i}'::pg_catalog.int4))"),
            result.ShouldComplete().Executed.Where(step => step.Sql.StartsWith("INSERT", StringComparison.Ordinal))
                .Select(step => step.Sql));
    }

    [Fact]
    public async Task CrashAfter_Retry_KeepsTheBackoff()
    {
        var result = await WorkflowTest.For(Df.Retry("SELECT x FROM t", 4, 10)).FailStep("SELECT x", "57P01", attempts: 2)
            .Rows("SELECT x", 1).CrashAfterEveryStep().RunAsync();

        result.ShouldComplete();
        Assert.Equal(TimeSpan.FromSeconds(10 + 20), result.Elapsed);
    }

    [Fact]
    public async Task CrashDuring_Undo_RunsItAgain()
    {
        var result = await WorkflowTest.For(Df.WithUndo("INSERT INTO t VALUES (1)", "DELETE FROM t").Then(Df.Fail("no"))).AnswerWrites()
            .CrashDuring("DELETE FROM t").RunAsync();

        result.ShouldFail("DF006").ShouldHaveRunExactly("INSERT INTO t VALUES (1)", "DELETE FROM t");
    }
}
