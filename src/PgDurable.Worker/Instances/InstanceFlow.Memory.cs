using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Worker.Instances;

/// <content>What the instance carries along.</content>
internal sealed partial class InstanceFlow
{
    private long _heldSize;
    private bool _counts = true;

    /// <summary>The size of its results in memory, roughly and rather too much than too little.</summary>
    public long Held => Interlocked.Read(ref _heldSize);

    /// <summary>Measures what it has been loaded with.</summary>
    public void MeasureHeld()
    {
        if (_state is null)
            return;
        lock (_lock)
            SetHeld(HeldResults.Measure(_state));
        _context.Values?.Passed(Held);
    }

    /// <summary>A step has a result, which nothing has been done with yet.</summary>
    /// <exception cref="ResultTooLargeException">The instance would hold more than one may.</exception>
    public void Admit(StepResult result)
    {
        var size = result.Json.Length;
        _context.Values?.Passed(size);
        if (size < HeldValues.Large / 16)
            return;
        lock (_lock)
        {
            if (_ended)
                return;
            // Most of what has come by is forgotten again.
            if (Held + size > _context.MaxHeld && _state is not null)
                SetHeld(HeldResults.Measure(_state));
            if (Held + size > _context.MaxHeld)
                throw ResultTooLargeException.OfInstance(_context.MaxHeld);
            SetHeld(Held + size);
        }
    }

    private void SetHeld(long size)
    {
        if (!_counts)
            return;
        _context.Values?.Change(size - _heldSize);
        Interlocked.Exchange(ref _heldSize, size);
    }

    private void LetGo()
    {
        SetHeld(0);
        _counts = false;
    }
}
