using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>Turns claims into instances that can go on, or that can only be failed with the reason.</summary>
internal sealed class InstanceLoader(WorkerStore store, FlowContext context, HeldValues values, bool superuserInstances, Func<TimeSpan> minLoopInterval)
{
    private const int CacheSize = 1000;
    private const int LongText = 50_000;

    // An instance that was in the hands of a dead worker this often, and did nothing in between, is what they died of.
    private const int MaxDeaths = 10;

    private static readonly TimeSpan UntilThereIsRoom = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<long, WorkflowGraph> _graphs = [];

    /// <summary>
    /// Loads what was claimed together, as far as that is possible: one instance's defect is nobody else's. What there is no room for in memory goes back into the queue for a moment.
    /// </summary>
    public async Task<List<LoadedInstance>> LoadAsync(IReadOnlyList<ClaimedInstance> claims, CancellationToken ct)
    {
        var resumed = claims.Where(claim => claim.Resumed && claim.Defect is null).ToList();
        var recorded = await CheckpointsAsync([.. resumed.Where(claim => !IsLarge(claim)).Select(claim => claim.InstanceNo)], ct);
        var deaths = (await store.DeathsAsync([.. resumed.Select(claim => claim.InstanceNo)], ct)).ToLookup(row => row.InstanceNo, row => (row.Execution, row.Deaths));
        var loaded = new List<LoadedInstance>(claims.Count);
        var noRoom = new List<long>();
        foreach (var claim in claims)
        {
            // Those that could not be read together are read one by one, each behind its own fence.
            IHistory history = IsLarge(claim) || recorded is null ? new LargeHistory(store, claim.InstanceNo) : new SmallHistory([.. recorded[claim.InstanceNo]]);
            if (IsLarge(claim) && !values.HasRoomFor(claim.Bytes))
                noRoom.Add(claim.InstanceNo);
            else if (await FencedAsync(claim, history, [.. deaths[claim.InstanceNo]], ct) is { } instance)
                loaded.Add(instance);
        }
        await store.ReturnToQueueAsync([.. noRoom], UntilThereIsRoom, ct);
        return loaded;
    }

    private static bool IsLarge(ClaimedInstance claim) => claim.Bytes >= HeldValues.Large;

    private async Task<ILookup<long, RecordedCheckpoint>?> CheckpointsAsync(long[] instances, CancellationToken ct)
    {
        try
        {
            return (await store.CheckpointsAsync(instances, ct)).ToLookup(row => row.InstanceNo);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            return null;
        }
    }

    private async Task<LoadedInstance?> FencedAsync(ClaimedInstance claim, IHistory history, List<(ExecutionKey Execution, int Deaths)> deaths, CancellationToken ct)
    {
        try
        {
            if (claim.Defect is { } defect)
                throw defect;
            return await LoadAsync(claim, history, deaths, ct);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            Log.Defect(context.Logger, claim.Id, LogText.Of(e), LogText.Place(e));
            return Refused(claim, Faults.InternalError(e), 0); // with an end only: nothing more is numbered
        }
        catch (PostgresException e) when (!store.IsLost)
        {
            Log.PutAside(context.Logger, claim.Id, LogText.Of(e));
            context.PutAside(new InstanceFlow(context, claim, null, 0));
            return null;
        }
    }

    private async Task<LoadedInstance> LoadAsync(ClaimedInstance claim, IHistory history, List<(ExecutionKey Execution, int Deaths)> deaths, CancellationToken ct)
    {
        if (Refusal(claim) is { } refusal)
            return Refused(claim, refusal, await history.FoldAsync(_ => { }, ct));
        var isSuspect = deaths.Exists(death => death.Execution == WorkerStore.WholeInstance);
        if (isSuspect && await store.SuspectAsync(claim.InstanceNo, WorkerStore.WholeInstance, ct) > MaxDeaths)
        {
            return Refused(claim, new StepError(
                $"The worker died {MaxDeaths} times with this instance in its hands.", "08006", Hint: "See the server's log for what it died of."), 0);
        }

        WorkflowGraph graph;
        try
        {
            graph = await GraphAsync(claim.GraphId!.Value, ct);
        }
        catch (GraphFormatException e)
        {
            return Refused(claim, new StepError(e.Message, "DF003", Hint: "Start graphs with df.start(), which checks them; this one was written past it."), await history.FoldAsync(_ => { }, ct));
        }
        if (Variables(claim) is not { } variables)
        {
            return Refused(claim, new StepError(
                $"Instance {claim.Id}: its variables are no JSON object of texts", "DF003",
                Hint: "Start workflows with df.start(), which captures df.vars; this one was written past it."), await history.FoldAsync(_ => { }, ct));
        }

        var (state, decision, lastSeq) = await RecoverAsync(claim, graph, variables, history, [], ct);
        if (claim.Retried && decision.Outcome is Outcome.Failed failed)
        {
            await store.RetryAsync(claim.InstanceNo, failed.FailedSteps, ct);
            (state, decision, _) = await RecoverAsync(claim, graph, variables, history, failed.FailedSteps, ct);
        }
        var flow = new InstanceFlow(context, claim, state, lastSeq) { Suspects = isSuspect ? deaths.ToDictionary(death => death.Execution, death => death.Deaths) : null };
        if (IsLarge(claim))
            flow.MeasureHeld();
        return new LoadedInstance(flow, decision);
    }

    private static ImmutableDictionary<string, string>? Variables(ClaimedInstance claim)
    {
        if (claim.Vars is null)
            return ImmutableDictionary<string, string>.Empty;
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

    private async Task<(WorkflowState State, Decision Decision, int LastSeq)> RecoverAsync(
        ClaimedInstance claim, WorkflowGraph graph, ImmutableDictionary<string, string> variables, IHistory history, IReadOnlyList<ExecutionKey> except, CancellationToken ct)
    {
        var state = new WorkflowState(graph, new InstanceFacts(claim.Id, claim.Label, claim.Input, variables, minLoopInterval(), claim.RetriedAt));
        var last = WorkflowEngine.Start(state, claim.StartedAt);
        if (!claim.Resumed)
            return (state, last, 0);
        var lastSeq = await history.FoldAsync(row =>
        {
            if (!except.Contains(row.Execution))
                last = WorkflowEngine.Advance(state, row.ToInput());
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
        if (_graphs.TryGetValue(graphId, out var known))
            return known;
        // Graphs never change, so a cache needs no invalidation, only a bound.
        if (_graphs.Count >= CacheSize)
            _graphs.Clear();
        var text = await store.GraphAsync(graphId, ct);
        // One that is deep takes its time, and the thread that this runs on may be the one that serves the sockets.
        return _graphs[graphId] = text.Length < LongText ? WorkflowGraph.Parse(text) : await Task.Run(() => WorkflowGraph.Parse(text), ct);
    }
}

/// <summary>Reads captured variables without reflection.</summary>
[JsonSerializable(typeof(ImmutableDictionary<string, string>))]
internal sealed partial class VariablesJson : JsonSerializerContext;
