namespace PgDurable;

/// <summary>Polls an instance until it ends.</summary>
/// <remarks>
/// At first, the interval between polls grows from 10 milliseconds, so that the end of a short workflow is noticed quickly and without the
/// cost of listening. A longer wait listens for the end if it can, and then rarely polls.
/// </remarks>
/// <param name="look">Reads the instance's state.</param>
/// <param name="time">The clock.</param>
/// <param name="options">The maximum intervals.</param>
/// <param name="ends">How to listen, or null to only poll.</param>
internal sealed class ResultPoller(
    Func<CancellationToken, Task<InstanceState>> look, TimeProvider time, DurableClientOptions options, EndAnnouncements? ends = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ListenFrom = TimeSpan.FromMilliseconds(80);

    /// <summary>Returns the result as JSON, or throws if the instance failed or was cancelled.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="boundToTransaction">
    /// Whether the instance may be invisible because the transaction that started it hasn't committed.
    /// </param>
    /// <param name="timeout">The maximum time to wait, or null for no limit.</param>
    /// <param name="ct">Cancels the wait, not the instance.</param>
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
                    $"Workflow instance '{instanceId}' was started in a transaction that hasn't committed, so it hasn't begun and can't " +
                    "end. Commit the transaction first, then wait. After a rollback, the instance doesn't exist.");
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

            // An end between that poll and the call of df.watch isn't announced, so poll again.
            if ((delay >= ListenFrom || delay == options.PollInterval) && await listening.BeginAsync(ct).ConfigureAwait(false))
            {
                isSure = false;
                continue;
            }

            // An end that was in progress during that call may not be announced either, so poll once more soon.
            var pause = !listening.IsWatching ? delay : isSure ? options.ListeningPollInterval : shortestWatch;
            if (timeout is { } limit)
            {
                var left = limit - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                    throw new TimeoutException($"Workflow instance '{instanceId}' is still {state.Status} after {limit}. It continues.");
                if (left < pause)
                    pause = left;
            }

            isLate = await listening.PauseAsync(pause, ct).ConfigureAwait(false) && pause == options.ListeningPollInterval;
            isSure = true;
            delay = delay * 2 < options.PollInterval ? delay * 2 : options.PollInterval;
        }
    }
}
