using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine.Nodes;

public class SignalTests
{
    [Fact]
    public void Start_SignalWithoutTimeout_WaitsForEver()
    {
        var run = new EngineRun(Signal("go"));

        Assert.Null(run.Wait("SIGNAL go").Until);
        Assert.Equal("go", run.Wait("SIGNAL go").Signal);
    }

    [Fact]
    public void Advance_SignalArrives_CompletesWithItsData()
    {
        var run = new EngineRun(Then(Signal("go").As("s"), Step("SELECT $s.data")));
        run.Send("go", """{"ok":1}""");

        Assert.Equal(["SELECT ('{\"ok\":1}'::pg_catalog.jsonb) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_SignalTimesOut_IsANormalEnd()
    {
        var run = new EngineRun(Signal("go", 30));
        Assert.Equal(TimeSpan.FromSeconds(30), run.Pause("SIGNAL go"));
        run.Elapse("SIGNAL go");

        Assert.Equal("""{"signal_name":"go","timed_out":true,"data":null}""", run.Result);
    }

    [Fact]
    public void SignalResult_NameAndData_AreEncoded() => Assert.Equal(
        """{"signal_name":"say \"hi\" ü","timed_out":false,"data":"approve"}""",
        WorkflowEngine.SignalResult("say \"hi\" ü", "\"approve\"").Json);

    [Fact]
    public void Start_NameOfASignal_IsNotSubstituted()
    {
        var run = new EngineRun(Signal("{x} $input"), "1", variables: ("x", "y"));

        Assert.Equal("{x} $input", Assert.IsType<Command.Wait>(run.State.InFlight.Values.Single().Command).Signal);
    }
}
