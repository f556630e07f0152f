using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <content>The place that the instance holds among those in this worker's hands, and how it gives it up to others.</content>
internal sealed partial class InstanceFlow
{
    private int _requests;

    /// <summary>Since when it has been in hand, by this machine's clock.</summary>
    public long InHandSince { get; }

    /// <summary>Whether it holds a place: an instance that only waits for the answers to requests holds none.</summary>
    public bool HoldsPlace
    {
        get
        {
            lock (_lock)
                return _requests == 0 || _running.Count > _requests || _seq != _taken || _starting.Count > 0;
        }
    }

    public void RequestsUnderWay(int change) => Interlocked.Add(ref _requests, change);

    /// <summary>
    /// Others wait for a place: the instance goes back into the queue, behind those that are due, where it has come to a point at which nothing of it runs. It may be there already.
    /// </summary>
    /// <param name="takeBack">Also when its statements only wait for their turn: they are taken back.</param>
    public void GiveWay(bool takeBack)
    {
        lock (_lock)
        {
            if (_ended || _parking || _committing || _paused || _givesWay && !takeBack)
                return;
            _givesWay = true;
            if (!takeBack || _running.Count == 0 || _starting.Count > 0 || _seq != _taken)
                return;
            var waiting = _running.Values.Where(work => work.TryTakeBack()).ToList();
            var leaves = waiting.Count == _running.Count;
            foreach (var work in waiting)
            {
                _running.Remove(work.Execution);
                if (leaves)
                    _held.Add(work.Command);
                else
                    Start(work.Command, null);
            }
            if (!leaves)
                return;
            _leaving = true;
            Settle();
        }
    }

    // With nothing under way whose end would be lost.
    private bool MayLeave => _running.Count == 0 && _starting.Count == 0 && _seq == _taken && !_parking && !_paused;

    private static bool IsWork(Command command) => command is Command.RunSql or Command.SendHttp or Command.StartChild;
}
