using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Worker.Instances;

/// <content>How much memory its results take.</content>
internal sealed partial class ActiveInstance
{
    private long _resultSize;
    private bool _countsMemory = true;

    /// <summary>The size of its results in memory: an estimate, too high rather than too low.</summary>
    public long ResultSize => Interlocked.Read(ref _resultSize);

    /// <summary>Measures the results that it was loaded with.</summary>
    public void MeasureLoadedResults()
    {
        if (_state is null)
            return;
        lock (_lock)
            SetResultSize(HeldResults.Measure(_state));
        _host.Memory?.CountPassing(ResultSize);
    }

    /// <summary>Counts a new result of a step.</summary>
    /// <exception cref="ResultTooLargeException">With it, the instance would hold more than one instance may.</exception>
    public void CountResult(StepResult result)
    {
        var size = result.Json.Length;
        _host.Memory?.CountPassing(size);
        if (size < ResultMemory.Large / 16)
            return;
        lock (_lock)
        {
            if (_isOver)
                return;
            var limit = _host.Memory?.Budget ?? long.MaxValue;
            // Most of what has been counted is forgotten again.
            if (ResultSize + size > limit && _state is not null)
                SetResultSize(HeldResults.Measure(_state));
            if (ResultSize + size > limit)
                throw ResultTooLargeException.OfInstance(limit);
            SetResultSize(ResultSize + size);
        }
    }

    private void SetResultSize(long size)
    {
        if (!_countsMemory)
            return;
        _host.Memory?.Add(size - _resultSize);
        Interlocked.Exchange(ref _resultSize, size);
    }

    private void StopCountingMemory()
    {
        SetResultSize(0);
        _countsMemory = false;
    }
}
