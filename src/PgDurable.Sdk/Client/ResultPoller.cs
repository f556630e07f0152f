namespace PgDurable;

/// <summary>Looks at an instance until it has ended.</summary>
/// <remarks>Delays grow, so that a short workflow is noticed at once and a long one costs four statements a second.</remarks>
internal sealed class ResultPoller(Func<CancellationToken, Task<InstanceState>> look, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns the result's JSON, or throws what ended the instance.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="boundToTransaction">Whether the instance may still be invisible because its start has not committed.</param>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="ct">Ends the wait, not the instance.</param>
    public async Task<string?> WaitAsync(string instanceId, bool boundToTransaction, TimeSpan? timeout, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var delay = FirstDelay;
        while (true)
        {
            var state = await look(ct).ConfigureAwait(false);
            if (state.Status is null && boundToTransaction)
            {
                throw new InvalidOperationException(
                    $"Workflow instance '{instanceId}' was started in a transaction that has not committed, so it has not begun and " +
                    "can't end. Commit the transaction first, then wait. After a rollback there is no instance.");
            }

            switch (state.Parse(instanceId))
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

            if (timeout is { } limit)
            {
                var left = limit - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                    throw new TimeoutException($"Workflow instance '{instanceId}' is still {state.Status} after {limit}; it goes on.");
                if (left < delay)
                    delay = left;
            }

            await Task.Delay(delay, time, ct).ConfigureAwait(false);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }
}
