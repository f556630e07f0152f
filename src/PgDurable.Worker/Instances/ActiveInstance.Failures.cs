using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <content>What goes wrong with the instance itself, rather than with one of its steps. This instance fails, and no other.</content>
internal sealed partial class ActiveInstance
{
    private int _failures;
    private bool _hasMadeProgress;

    /// <summary>Whether it went back to the queue because not even its failure could be recorded.</summary>
    public bool IsBackingOff { get; private set; }

    /// <summary>Something that was done for the instance can never succeed.</summary>
    public void FailAsDefective(Exception e)
    {
        lock (_lock)
        {
            if (!_isOver)
                FailWithDefect(e);
        }
    }

    /// <summary>Stops the instance, even if it is over, and returns it to the queue after a delay that grows each time.</summary>
    public void RequeueWithBackoff()
    {
        lock (_lock)
        {
            IsBackingOff = true;
            StopAll();
        }
        _host.RequeueWithBackoff(this);
    }

    // The lock is held.
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is not WorkerConnectionException)
        {
            FailWithDefect(e);
        }
    }

    /// <summary>
    /// The engine, or what prepares its decisions, has failed. The state is worth nothing any more, and loading the instance again would
    /// lead to the same point.
    /// </summary>
    private void FailWithDefect(Exception e)
    {
        Log.Defect(_host.Logger, Claim.Id, LogText.Of(e), LogText.Place(e));
        FailAsAWhole(e);
    }

    /// <summary>The database refuses what was to be recorded: the instance fails with the reason.</summary>
    private void FailBecauseNotRecorded(Exception problem)
    {
        lock (_lock)
        {
            Log.NotRecorded(_host.Logger, Claim.Id, LogText.Of(problem));
            FailAsAWhole(problem);
        }
    }

    private void FailAsAWhole(Exception e)
    {
        StopAll();
        try
        {
            var error = Faults.InternalError(e);
            switch (_failures++)
            {
                case 0:
                    RecordEnd(new OutcomeRecord(null, null, ErrorJson.Write(error, null, 1)), (null, error));
                    return;
                // The reason itself may be what can't be recorded.
                case 1:
                    var plain = new StepError("Internal error of the worker.", "XX000", Hint: "The worker's log has the details.");
                    RecordEnd(new OutcomeRecord(null, null, ErrorJson.Write(plain, null, 1)), (null, plain));
                    return;
            }
        }
        catch (Exception again) when (again is not WorkerConnectionException && _failures <= 1)
        {
            FailAsAWhole(again);
            return;
        }
        RequeueWithBackoff();
    }

    /// <summary>Something was done: if this instance had brought a worker down, the cause is behind it.</summary>
    private void MadeProgress()
    {
        if (Suspects is null || _hasMadeProgress)
            return;
        _hasMadeProgress = true;
        _host.ClearDeaths(this);
    }
}
