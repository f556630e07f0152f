using System.Collections.Immutable;
using Npgsql;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>Turns claims into instances that can continue, or that can only fail with the reason.</summary>
/// <param name="store">The database.</param>
/// <param name="host">What the instances are given.</param>
/// <param name="memory">How much memory results take.</param>
/// <param name="superuserInstances">Whether superusers' instances run.</param>
/// <param name="minLoopInterval">The current pace of loops that wait for nothing.</param>
internal sealed class InstanceLoader(
    WorkerStore store, IInstanceHost host, ResultMemory memory, bool superuserInstances, Func<TimeSpan> minLoopInterval)
{
    // An instance that made no progress while this many workers died with it in hand is what they died of.
    private const int MaxDeaths = 10;

    private static readonly TimeSpan UntilThereIsRoom = TimeSpan.FromMilliseconds(250);

    private readonly GraphCache _graphs = new(store);

    /// <summary>
    /// Loads what was claimed together, as far as possible: one instance's defect doesn't affect the others. Instances that memory has no
    /// room for go back into the queue for a moment.
    /// </summary>
    public async Task<List<LoadedInstance>> LoadAsync(IReadOnlyList<ClaimedInstance> claims, CancellationToken ct)
    {
        var resumed = claims.Where(claim => claim.Resumed && claim.Defect is null).ToList();
        var recorded = await CheckpointsAsync([.. resumed.Where(claim => !IsLarge(claim)).Select(claim => claim.InstanceNo)], ct);
        var deaths = (await store.DeathsAsync([.. resumed.Where(claim => claim.WasInHandAtADeath).Select(claim => claim.InstanceNo)], ct))
            .ToLookup(row => row.InstanceNo, row => (row.Execution, row.Deaths));
        var loaded = new List<LoadedInstance>(claims.Count);
        var noRoom = new List<long>();
        foreach (var claim in claims)
        {
            // Histories that could not be read together are read one by one, so that only the bad one fails.
            History history = IsLarge(claim) || recorded is null
                ? new History.RowByRow(store, claim.InstanceNo)
                : new History.InMemory([.. recorded[claim.InstanceNo]]);
            if (IsLarge(claim) && !memory.HasRoomFor(claim.Bytes))
                noRoom.Add(claim.InstanceNo);
            else if (await TryLoadAsync(claim, history, [.. deaths[claim.InstanceNo]], ct) is { } instance)
                loaded.Add(instance);
        }
        await store.ReturnToQueueAsync([.. noRoom], UntilThereIsRoom, ct);
        return loaded;
    }

    private static bool IsLarge(ClaimedInstance claim) => claim.Bytes >= ResultMemory.Large;

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

    private async Task<LoadedInstance?> TryLoadAsync(
        ClaimedInstance claim, History history, List<(ExecutionKey Execution, int Deaths)> deaths, CancellationToken ct)
    {
        try
        {
            if (claim.Defect is { } defect)
                throw defect;
            return await LoadAsync(claim, history, deaths, ct);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            Log.Defect(host.Logger, claim.Id, LogText.Of(e), LogText.Place(e));
            return Refused(claim, Faults.InternalError(e), 0); // only its end is recorded, which has no number
        }
        catch (PostgresException e) when (!store.IsLost)
        {
            Log.PutAside(host.Logger, claim.Id, LogText.Of(e));
            new ActiveInstance(host, claim, null, 0).RequeueWithBackoff();
            return null;
        }
    }

    private async Task<LoadedInstance> LoadAsync(
        ClaimedInstance claim, History history, List<(ExecutionKey Execution, int Deaths)> deaths, CancellationToken ct)
    {
        if (Refusals.Of(claim, superuserInstances) is { } refusal)
            return Refused(claim, refusal, await history.FoldAsync(_ => { }, ct));
        var isSuspect = deaths.Exists(death => death.Execution == WorkerStore.WholeInstance);
        if (isSuspect && await store.SuspectAsync(claim.InstanceNo, WorkerStore.WholeInstance, ct) > MaxDeaths)
            return Refused(claim, Refusals.TooManyDeaths(MaxDeaths), 0);

        WorkflowGraph graph;
        try
        {
            graph = await _graphs.GetAsync(claim.GraphId!.Value, ct);
        }
        catch (GraphFormatException e)
        {
            return Refused(claim, Refusals.BadGraph(e.Message), await history.FoldAsync(_ => { }, ct));
        }
        if (Refusals.Variables(claim) is not { } variables)
            return Refused(claim, Refusals.BadVariables(claim), await history.FoldAsync(_ => { }, ct));

        var (state, decision, lastSeq) = await RecoverAsync(claim, graph, variables, history, [], ct);
        if (claim.Retried && decision.Outcome is Outcome.Failed failed)
        {
            await store.RetryAsync(claim.InstanceNo, failed.FailedSteps, ct);
            (state, decision, _) = await RecoverAsync(claim, graph, variables, history, failed.FailedSteps, ct);
        }
        var instance = new ActiveInstance(host, claim, state, lastSeq)
        {
            Suspects = isSuspect ? deaths.ToDictionary(death => death.Execution, death => death.Deaths) : null,
        };
        if (IsLarge(claim))
            instance.MeasureLoadedResults();
        return new LoadedInstance(instance, decision);
    }

    private async Task<(WorkflowState State, Decision Decision, int LastSeq)> RecoverAsync(
        ClaimedInstance claim, WorkflowGraph graph, ImmutableDictionary<string, string> variables, History history,
        IReadOnlyList<ExecutionKey> except, CancellationToken ct)
    {
        var facts = new InstanceFacts(claim.Id, claim.Label, claim.Input, variables, minLoopInterval(), claim.ResumedAt);
        var state = new WorkflowState(graph, facts);
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

    private LoadedInstance Refused(ClaimedInstance claim, StepError error, int lastSeq) =>
        new(new ActiveInstance(host, claim, null, lastSeq), new Decision([], [], [], new Outcome.Failed(null, error, [])));
}
