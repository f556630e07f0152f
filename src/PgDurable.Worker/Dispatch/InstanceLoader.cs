using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Dispatch;

/// <summary>Turns claims into instances that can go on, or that can only be failed with the reason.</summary>
internal sealed class InstanceLoader(WorkerStore store, FlowContext context, bool superuserInstances, Func<TimeSpan> minLoopInterval)
{
    private const int CacheSize = 1000;

    // An instance that was in the hands of a dead worker this often, and did nothing in between, is what they died of.
    private const int MaxDeaths = 10;

    private readonly Dictionary<long, WorkflowGraph> _graphs = [];

    /// <summary>Loads what was claimed together, as far as that is possible: one instance's defect is nobody else's.</summary>
    public async Task<List<LoadedInstance>> LoadAsync(IReadOnlyList<ClaimedInstance> claims, CancellationToken ct)
    {
        var resumed = claims.Where(claim => claim.Resumed && claim.Defect is null).Select(claim => claim.InstanceNo).ToArray();
        var recorded = (await CheckpointsAsync(resumed, ct)).ToLookup(row => row.InstanceNo);
        var deaths = (await store.DeathsAsync(resumed, ct)).ToLookup(row => row.InstanceNo);
        var loaded = new List<LoadedInstance>(claims.Count);
        foreach (var claim in claims)
            if (await FencedAsync(claim, [.. recorded[claim.InstanceNo]], [.. deaths[claim.InstanceNo].Select(row => (row.Execution, row.Deaths))], ct) is { } instance)
                loaded.Add(instance);
        return loaded;
    }

    private async Task<List<RecordedCheckpoint>> CheckpointsAsync(long[] instances, CancellationToken ct)
    {
        try
        {
            return await store.CheckpointsAsync(instances, ct);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            return []; // one by one, each behind its own fence
        }
    }

    private async Task<LoadedInstance?> FencedAsync(
        ClaimedInstance claim, List<RecordedCheckpoint> recorded, List<(ExecutionKey Execution, int Deaths)> deaths, CancellationToken ct)
    {
        var lastSeq = recorded.Count == 0 ? 0 : recorded[^1].Seq;
        try
        {
            if (claim.Defect is { } defect) throw defect;
            if (claim.Resumed && recorded.Count == 0) recorded = await store.CheckpointsAsync([claim.InstanceNo], ct);
            lastSeq = recorded.Count == 0 ? 0 : recorded[^1].Seq;
            return await LoadAsync(claim, recorded, deaths, lastSeq, ct);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            Log.Defect(context.Logger, claim.Id, LogText.Of(e), LogText.Place(e));
            return Refused(claim, Faults.InternalError(e), lastSeq);
        }
        catch (PostgresException e) when (!store.IsLost)
        {
            Log.PutAside(context.Logger, claim.Id, LogText.Of(e));
            context.PutAside(new InstanceFlow(context, claim, null, lastSeq));
            return null;
        }
    }

    private async Task<LoadedInstance> LoadAsync(
        ClaimedInstance claim, List<RecordedCheckpoint> recorded, List<(ExecutionKey Execution, int Deaths)> deaths, int lastSeq, CancellationToken ct)
    {
        if (Refusal(claim) is { } refusal) return Refused(claim, refusal, lastSeq);
        var isSuspect = deaths.Any(death => death.Execution == Suspicion.Instance);
        if (isSuspect && await store.SuspectAsync(claim.InstanceNo, Suspicion.Instance, ct) > MaxDeaths)
        {
            return Refused(claim, new StepError(
                $"The worker died {MaxDeaths} times with this instance in its hands.", "08006", Hint: "See the server's log for what it died of."), lastSeq);
        }

        WorkflowGraph graph;
        try
        {
            graph = await GraphAsync(claim.GraphId!.Value, ct);
        }
        catch (GraphFormatException e)
        {
            return Refused(claim, new StepError(e.Message, "DF003", Hint: "Start graphs with df.start(), which checks them; this one was written past it."), lastSeq);
        }
        if (Variables(claim) is not { } variables)
        {
            return Refused(claim, new StepError(
                $"Instance {claim.Id}: its variables are no JSON object of texts", "DF003",
                Hint: "Start workflows with df.start(), which captures df.vars; this one was written past it."), lastSeq);
        }

        var (state, decision) = Recover(claim, graph, variables, recorded);
        if (claim.Retried && decision.Outcome is Outcome.Failed failed)
        {
            await store.RetryAsync(claim.InstanceNo, failed.FailedSteps, ct);
            (state, decision) = Recover(claim, graph, variables, recorded.Where(row => !failed.FailedSteps.Contains(row.Execution)));
        }
        var flow = new InstanceFlow(context, claim, state, lastSeq) { Suspects = isSuspect ? deaths.ToDictionary(death => death.Execution, death => death.Deaths) : null };
        return new LoadedInstance(flow, decision);
    }

    private static ImmutableDictionary<string, string>? Variables(ClaimedInstance claim)
    {
        if (claim.Vars is null) return ImmutableDictionary<string, string>.Empty;
        try
        {
            var variables = JsonSerializer.Deserialize(claim.Vars, VariablesJson.Default.ImmutableDictionaryStringString);
            return variables?.ContainsValue(null!) == false ? variables : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private (WorkflowState State, Decision Decision) Recover(
        ClaimedInstance claim, WorkflowGraph graph, ImmutableDictionary<string, string> variables, IEnumerable<RecordedCheckpoint> recorded)
    {
        var state = new WorkflowState(graph, new InstanceFacts(claim.Id, claim.Label, claim.Input, variables, minLoopInterval(), claim.RetriedAt));
        return (state, claim.Resumed
            ? WorkflowEngine.Recover(state, claim.StartedAt, [.. recorded.Select(row => row.ToInput())])
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
