using System.Collections.Immutable;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>An instance that is retried after a failure.</summary>
public class RetriedInstanceTests
{
    [Fact]
    public void Recover_InsideATimeout_ItsTimeBeginsAnew()
    {
        var retriedAt = EngineRun.Began.AddHours(1);
        var state = new WorkflowState(WorkflowGraph.Parse(Graphs.Timeout(Graphs.Step("a"), 10)),
            new InstanceFacts("0a1b2c3d", null, null, ImmutableDictionary<string, string>.Empty, TimeSpan.Zero, retriedAt));
        var decision = WorkflowEngine.Recover(state, EngineRun.Began, []);

        Assert.Equal(retriedAt.AddSeconds(10), decision.Commands.OfType<Command.Wait>().Single().Until);
    }
}
