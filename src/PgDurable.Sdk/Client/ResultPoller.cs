namespace PgDurable;

/// <summary>Looks at an instance until it has ended.</summary>
/// <remarks>
/// At first the pauses between two looks grow from 10 milliseconds, so that the end of a short workflow is noticed at once and costs the server nothing more. A
/// wait that lasts longer listens for the end, where that can be had, and hardly looks any more.
/// </remarks>
/// <param name="look">Looks once.</param>
/// <param name="time">The clock.</param>
/// <param name="options">The longest pauses.</param>
/// <param name="ends">What to listen with; null for polling alone.</param>
internal sealed class ResultPoller(
    Func<CancellationToken, Task<InstanceState>> look, TimeProvider time, DurableClientOptions options, EndAnnouncements? ends = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ListenFrom = TimeSpan.FromMilliseconds(80);

    /// <summary>Returns the result's JSON, or throws what ended the instance.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="boundToTransaction">Whether the instance may still be invisible because its start has not committed.</param>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="ct">Ends the wait, not the instance.</param>
    public async Task<string?> WaitAsync(string instanceId, bool boundToTransaction, TimeSpan? timeout, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var delay = FirstDelay < options.PollInterval ? FirstDelay : options.PollInterval;
        var shortestWatch = options.PollInterval < options.ListeningPollInterval ? options.PollInterval : options.ListeningPollInterval;
        var isLate = false;
        var isSure = false;
        using var listening = new ListeningWait(ends, time);
        while (true)
        {
            var state = await look(ct).ConfigureAwait(false);
            if (state.Status is null && boundToTransaction)
            {
                throw new InvalidOperationException(
                    $"Workflow instance '{instanceId}' was started in a transaction that has not committed, so it has not begun and " +
                    "can't end. Commit the transaction first, then wait. After a rollback there is no instance.");
            }

            var status = state.Parse(instanceId);
            if (isLate && status is not (WorkflowStatus.Pending or WorkflowStatus.Running))
                listening.Missed();
            switch (status)
            {
                case WorkflowStatus.Completed:
                    return state.Result;
                case WorkflowStatus.Failed:
                    throw new WorkflowFailedException(instanceId, WorkflowError.Parse(state.Error));
                case WorkflowStatus.Cancelled:
                    throw new WorkflowCancelledException(instanceId, WorkflowError.Parse(state.Error).CancellationReason);
                case WorkflowStatus.Pending or WorkflowStatus.Running:
                    break;
            }

            // What ends between that look and the call of df.watch is not announced, so look again.
            if ((delay >= ListenFrom || delay == options.PollInterval) && await listening.BeginAsync(ct).ConfigureAwait(false))
            {
                isSure = false;
                continue;
            }

            // And what was about to end during that call may not be announced either, so look once more before long.
            var pause = !listening.IsWatching ? delay : isSure ? options.ListeningPollInterval : shortestWatch;
            if (timeout is { } limit)
            {
                var left = limit - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                    throw new TimeoutException($"Workflow instance '{instanceId}' is still {state.Status} after {limit}; it goes on.");
                if (left < pause)
                    pause = left;
            }

            isLate = await listening.PauseAsync(pause, ct).ConfigureAwait(false) && pause == options.ListeningPollInterval;
            isSure = true;
            delay = delay * 2 < options.PollInterval ? delay * 2 : options.PollInterval;
        }
    }
}
