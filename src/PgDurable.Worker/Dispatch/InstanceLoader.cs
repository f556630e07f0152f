using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>Turns claims into instances that can go on, or that can only be failed with the reason.</summary>
internal sealed class InstanceLoader(WorkerStore store, FlowContext context, bool superuserInstances, TimeSpan minLoopInterval)
{
    private const int CacheSize = 1000;
    private readonly Dictionary<long, WorkflowGraph> _graphs = [];

    /// <summary>Loads what was claimed together.</summary>
    public async Task<List<LoadedInstance>> LoadAsync(IReadOnlyList<ClaimedInstance> claims, CancellationToken ct)
    {
        var recorded = (await store.CheckpointsAsync([.. claims.Where(claim => claim.Resumed).Select(claim => claim.InstanceNo)], ct))
            .ToLookup(row => row.InstanceNo);
        var loaded = new List<LoadedInstance>(claims.Count);
        foreach (var claim in claims) loaded.Add(await LoadAsync(claim, [.. recorded[claim.InstanceNo]], ct));
        return loaded;
    }

    private async Task<LoadedInstance> LoadAsync(ClaimedInstance claim, List<RecordedCheckpoint> recorded, CancellationToken ct)
    {
        var lastSeq = recorded.Count == 0 ? 0 : recorded[^1].Seq;
        if (Refusal(claim) is { } refusal) return Refused(claim, refusal, lastSeq);

        WorkflowGraph graph;
        try
        {
            graph = await GraphAsync(claim.GraphId!.Value, ct);
        }
        catch (GraphFormatException e)
        {
            return Refused(claim, new StepError(e.Message, "DF003", Hint: "Start graphs with df.start(), which checks them; this one was written past it."), lastSeq);
        }

        var (state, decision) = Recover(claim, graph, recorded);
        if (claim.Retried && decision.Outcome is Outcome.Failed failed)
        {
            await store.RetryAsync(claim.InstanceNo, failed.FailedSteps, ct);
            (state, decision) = Recover(claim, graph, recorded.Where(row => !failed.FailedSteps.Contains(row.Checkpoint.Execution)));
        }
        return new LoadedInstance(new InstanceFlow(context, claim, state, lastSeq), decision);
    }

    private (WorkflowState State, Decision Decision) Recover(ClaimedInstance claim, WorkflowGraph graph, IEnumerable<RecordedCheckpoint> recorded)
    {
        var variables = claim.Vars is null
            ? ImmutableDictionary<string, string>.Empty
            : JsonSerializer.Deserialize(claim.Vars, VariablesJson.Default.ImmutableDictionaryStringString)!;
        var state = new WorkflowState(graph, new InstanceFacts(claim.Id, claim.Label, claim.Input, variables, minLoopInterval, claim.RetriedAt));
        return (state, claim.Resumed
            ? WorkflowEngine.Recover(state, claim.StartedAt, [.. recorded.Select(row => row.Checkpoint)])
            : WorkflowEngine.Start(state, claim.StartedAt));
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
