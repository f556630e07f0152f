using Microsoft.Extensions.Logging;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>What an instance asks of the worker that has it in hand.</summary>
/// <remarks>Answers come later and on another thread, never while the instance is still at the decision that asks.</remarks>
internal interface IInstanceHost
{
    /// <summary>The worker's log.</summary>
    ILogger Logger { get; }

    /// <summary>Counts ends and waits.</summary>
    StepMetrics Metrics { get; }

    /// <summary>This machine's clock.</summary>
    TimeProvider Time { get; }

    /// <summary>The database's clock.</summary>
    DatabaseClock Clock { get; }

    /// <summary>How much memory the results of all instances take; <c>null</c> if nobody counts.</summary>
    ResultMemory? Memory { get; }

    /// <summary>
    /// Records what commits without a step, for each instance in the order of the calls. It isn't written if the worker no longer holds the
    /// instance, or the instance is locked.
    /// </summary>
    void Record(InstanceRecord record, Action<Recorded> done);

    /// <summary>
    /// Puts an instance to sleep until something is due. It isn't written if something new has arrived for the instance, or the instance is
    /// locked.
    /// </summary>
    void Park(ParkedInstance parked, Action<Recorded> done);

    /// <summary>Runs a statement: a step's, or the one that puts a response into a table.</summary>
    void RunStatement(StepWork work);

    /// <summary>Runs a statement that was in hand when a session, a worker or the server died.</summary>
    /// <param name="work">The statement.</param>
    /// <param name="deaths">The deaths recorded so far, without the last one.</param>
    void RunSuspect(StepWork work, int deaths);

    /// <summary>Sends an HTTP request.</summary>
    void SendRequest(StepWork work);

    /// <summary>Starts a child workflow.</summary>
    void StartChild(ActiveInstance parent, Command.StartChild child);

    /// <summary>Cancels a child workflow.</summary>
    void CancelChild(ActiveInstance parent, ExecutionKey execution);

    /// <summary>
    /// Reads what has arrived for an instance: signals, ended children, a pause. See <see cref="ActiveInstance.ReceiveUpdates"/>.
    /// </summary>
    void RequestUpdates(ActiveInstance instance);

    /// <summary>Returns an instance to the queue, to be claimed again after a delay.</summary>
    void Requeue(ActiveInstance instance, TimeSpan delay);

    /// <summary>Returns an instance to the queue after a delay that grows each time. Not even its failure could be recorded.</summary>
    void RequeueWithBackoff(ActiveInstance instance);

    /// <summary>Removes an instance that this worker no longer holds.</summary>
    void Remove(ActiveInstance instance);

    /// <summary>Whether another instance may stay in hand for a moment although it only waits for tasks.</summary>
    bool MayLinger { get; }

    /// <summary>An instance has given up its place, because it only waits for responses or tasks.</summary>
    void PlaceFreed();

    /// <summary>An instance that a dead worker had in hand has made progress.</summary>
    void ClearDeaths(ActiveInstance instance);
}
