using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgDurable.Graph;
using PgDurable.Worker.Dispatch.Fairness;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>Turns claims into instances that can go on, or that can only be failed with the reason.</summary>
internal sealed class InstanceLoader(WorkerStore store, FlowContext context, HeldValues values, bool superuserInstances, TimeSpan minLoopInterval)
{
    private const int CacheSize = 1000;
    private readonly Dictionary<long, WorkflowGraph> _graphs = [];

    private static readonly TimeSpan UntilThereIsRoom = TimeSpan.FromMilliseconds(250);

    /// <summary>Loads what was claimed together. What there is no room for in memory goes back into the queue for a moment.</summary>
    public async Task<List<LoadedInstance>> LoadAsync(IReadOnlyList<ClaimedInstance> claims, CancellationToken ct)
    {
        var recorded = (await store.CheckpointsAsync([.. claims.Where(claim => claim.Resumed && !IsLarge(claim)).Select(claim => claim.InstanceNo)], ct))
            .ToLookup(row => row.InstanceNo);
        var loaded = new List<LoadedInstance>(claims.Count);
        var noRoom = new List<long>();
        foreach (var claim in claims)
        {
            if (!IsLarge(claim)) loaded.Add(await LoadAsync(claim, new SmallHistory([.. recorded[claim.InstanceNo]]), ct));
            else if (values.HasRoomFor(claim.Bytes)) loaded.Add(await LoadAsync(claim, new LargeHistory(store, claim.InstanceNo), ct));
            else noRoom.Add(claim.InstanceNo);
        }
        await store.ReleaseAsync([.. noRoom], UntilThereIsRoom, ct);
        return loaded;
    }

    private static bool IsLarge(ClaimedInstance claim) => claim.Bytes >= HeldValues.Large;

    private async Task<LoadedInstance> LoadAsync(ClaimedInstance claim, IHistory history, CancellationToken ct)
    {
        if (Refusal(claim) is { } refusal) return Refused(claim, refusal, await history.FoldAsync(_ => { }, ct));

        WorkflowGraph graph;
        try
        {
            graph = await GraphAsync(claim.GraphId!.Value, ct);
        }
        catch (GraphFormatException e)
        {
            return Refused(claim, new StepError(e.Message, "DF003", Hint: "Start graphs with df.start(), which checks them; this one was written past it."), await history.FoldAsync(_ => { }, ct));
        }

        var (state, decision, lastSeq) = await RecoverAsync(claim, graph, history, [], ct);
        if (claim.Retried && decision.Outcome is Outcome.Failed failed)
        {
            await store.RetryAsync(claim.InstanceNo, failed.FailedSteps, ct);
            (state, decision, _) = await RecoverAsync(claim, graph, history, failed.FailedSteps, ct);
        }
        var flow = new InstanceFlow(context, claim, state, lastSeq);
        if (IsLarge(claim)) flow.MeasureHeld();
        return new LoadedInstance(flow, decision);
    }

    private async Task<(WorkflowState State, Decision Decision, int LastSeq)> RecoverAsync(
        ClaimedInstance claim, WorkflowGraph graph, IHistory history, IReadOnlyList<ExecutionKey> except, CancellationToken ct)
    {
        var variables = claim.Vars is null
            ? ImmutableDictionary<string, string>.Empty
            : JsonSerializer.Deserialize(claim.Vars, VariablesJson.Default.ImmutableDictionaryStringString)!;
        var state = new WorkflowState(graph, new InstanceFacts(claim.Id, claim.Label, claim.Input, variables, minLoopInterval, claim.RetriedAt));
        var last = WorkflowEngine.Start(state, claim.StartedAt);
        if (!claim.Resumed) return (state, last, 0);
        var lastSeq = await history.FoldAsync(row =>
        {
            if (!except.Contains(row.Checkpoint.Execution)) last = WorkflowEngine.Advance(state, row.Checkpoint);
        }, ct);
        return (state, WorkflowEngine.Recovered(state, last), lastSeq);
    }

    private static StepError? RefusalOf(ClaimedInstance claim, bool superuserInstances) => claim switch
    {
        { RoleName: null } => new StepError(
            $"Instance {claim.Id}: submitted_by role no longer exists in pg_roles", "DF010", Hint: "Start the workflow again as a role that exists."),
        { Superuser: true } when !superuserInstances => new StepError(
            $"pg_durable blocked instance {claim.Id}: submitted_by role \"{claim.RoleName}\" is a superuser, but pg_durable.enable_superuser_instances is off",
            "DF011", Hint: "Start it as an ordinary role that was given df.grant_usage()."),
        { GraphId: null } => new StepError($"Instance {claim.Id}: its graph is not one of role \"{claim.RoleName}\"", "DF003"),
        _ => null,
    };

    private StepError? Refusal(ClaimedInstance claim) => RefusalOf(claim, superuserInstances);

    private LoadedInstance Refused(ClaimedInstance claim, StepError error, int lastSeq) =>
        new(new InstanceFlow(context, claim, null, lastSeq), new Decision([], [], [], new Outcome.Failed(null, error, [])));

    private async Task<WorkflowGraph> GraphAsync(long graphId, CancellationToken ct)
    {
        if (_graphs.TryGetValue(graphId, out var known)) return known;
        // Graphs never change, so a cache needs no invalidation, only a bound.
        if (_graphs.Count >= CacheSize) _graphs.Clear();
        return _graphs[graphId] = WorkflowGraph.Parse(await store.GraphAsync(graphId, ct));
    }
}

/// <summary>Reads captured variables without reflection.</summary>
[JsonSerializable(typeof(ImmutableDictionary<string, string>))]
internal sealed partial class VariablesJson : JsonSerializerContext;
