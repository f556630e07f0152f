using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>Turns a claim into an instance that can run, or that can only be failed with the reason.</summary>
internal sealed class InstanceLoader(WorkerStore store, bool superuserInstances)
{
    private const int CacheSize = 1000;
    private readonly Dictionary<long, WorkflowGraph> _graphs = [];

    public async Task<RunningInstance> LoadAsync(ClaimedInstance claim, CancellationToken ct)
    {
        if (Refusal(claim) is { } refusal) return Refused(claim, refusal);

        WorkflowGraph graph;
        try
        {
            graph = await GraphAsync(claim.GraphId!.Value, ct);
        }
        catch (GraphFormatException e)
        {
            return Refused(claim, new StepError(e.Message, "DF003", Hint: "Start graphs with df.start(), which checks them; this one was written past it."));
        }

        var state = new WorkflowState(graph, claim.Input);
        if (!claim.Resumed) return new RunningInstance(claim, state, WorkflowEngine.Start(state));
        var checkpoints = await store.CheckpointsAsync(claim.InstanceNo, ct);
        var inputs = checkpoints.Where(c => c.Result is not null).Select(c => new Checkpoint(c.Execution, c.Result!)).ToList();
        return new RunningInstance(claim, state, WorkflowEngine.Recover(state, inputs)) { Inputs = checkpoints.Count };
    }

    private StepError? Refusal(ClaimedInstance claim) => claim switch
    {
        { RoleName: null } => new StepError(
            $"Instance {claim.Id}: submitted_by role no longer exists in pg_roles", "DF010", Hint: "Start the workflow again as a role that exists."),
        { Superuser: true } when !superuserInstances => new StepError(
            $"pg_durable blocked instance {claim.Id}: submitted_by role \"{claim.RoleName}\" is a superuser, but pg_durable.enable_superuser_instances is off",
            "DF011", Hint: "Start it as an ordinary role that was given df.grant_usage()."),
        { GraphId: null } => new StepError($"Instance {claim.Id}: its graph is not one of role \"{claim.RoleName}\"", "DF003"),
        _ => null,
    };

    private static RunningInstance Refused(ClaimedInstance claim, StepError error) =>
        new(claim, null, new Decision([], new Outcome.Failed(default, error)));

    private async Task<WorkflowGraph> GraphAsync(long graphId, CancellationToken ct)
    {
        if (_graphs.TryGetValue(graphId, out var known)) return known;
        // Graphs never change, so a cache needs no invalidation, only a bound.
        if (_graphs.Count >= CacheSize) _graphs.Clear();
        return _graphs[graphId] = WorkflowGraph.Parse(await store.GraphAsync(graphId, ct));
    }
}
