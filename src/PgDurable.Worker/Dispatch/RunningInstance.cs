using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>An instance in this worker's hands, with what is to be done for it next.</summary>
internal sealed class RunningInstance(ClaimedInstance claim, WorkflowState? state, Decision next) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();

    public ClaimedInstance Claim => claim;

    /// <summary>NULL when the instance can't even be loaded; then <see cref="Next"/> says why.</summary>
    public WorkflowState? State => state;

    /// <summary>The engine's last decision, not yet carried out.</summary>
    public Decision Next { get; set; } = next;

    /// <summary>The first attempt at the next step, if it is already over.</summary>
    public EarlyResult? Early { get; set; }

    /// <summary>How many inputs the engine has taken.</summary>
    public int Inputs { get; set; }

    /// <summary>Attempts made at the step that is running.</summary>
    public int Attempt { get; set; }

    /// <summary>Times that the connection was lost in the middle of the step that is running.</summary>
    public int Losses { get; set; }

    /// <summary>Fires when the instance was cancelled or taken away: its running statement is to be stopped.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    public EarlyResult? TakeEarly()
    {
        var early = Early;
        Early = null;
        return early;
    }

    // On another thread: stopping a statement talks to the server and waits, which the thread that brings the notification must not.
    public void Cancel() => _ = _cancelled.CancelAsync();

    public void Dispose() => _cancelled.Dispose();
}
