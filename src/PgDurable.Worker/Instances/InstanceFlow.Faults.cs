using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>What goes wrong with the instance itself, and not with one of its steps: it fails, and nothing else does.</summary>
internal sealed partial class InstanceFlow
{
    private int _failures;
    private bool _hasGotOn;

    /// <summary>Whether it was given back because not even its failure could be recorded.</summary>
    public bool IsPutAside { get; private set; }

    /// <summary>Something that was done for it can't succeed.</summary>
    public void Defective(Exception e)
    {
        lock (_lock)
        {
            if (!_ended)
                Poison(e);
        }
    }

    // The lock is held.
    private void Fenced(Action what)
    {
        try
        {
            what();
        }
        catch (Exception e) when (e is not WorkerConnectionException)
        {
            Poison(e);
        }
    }

    /// <summary>
    /// The engine, or what prepares its decisions, has failed: its state is worth nothing any more, and loading the instance again would come to the same point.
    /// </summary>
    private void Poison(Exception e)
    {
        Log.Defect(_context.Logger, Claim.Id, LogText.Of(e), LogText.Place(e));
        FailAsAWhole(e);
    }

    /// <summary>The database does not take what was to be recorded: the instance fails with the reason.</summary>
    private void NotRecorded(Exception problem)
    {
        lock (_lock)
        {
            Log.NotRecorded(_context.Logger, Claim.Id, LogText.Of(problem));
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
        _context.PutAside(this);
    }

    /// <summary>Something was done: what had brought a worker down, if this instance had, is behind it.</summary>
    private void GotOn()
    {
        if (Suspects is null || _hasGotOn)
            return;
        _hasGotOn = true;
        _context.Cleared(this);
    }
}
