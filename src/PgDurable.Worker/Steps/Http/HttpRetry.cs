using Polly;
using Polly.Retry;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Sends a request again after failures that may pass: 5xx, time-outs and network errors.</summary>
internal static class HttpRetry
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    // The step holds a place in the worker while it waits. For longer waits there is df.retry, which holds none.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    /// <param name="attempts">The maximum number of attempts, including the first.</param>
    /// <param name="time">Measures the pauses.</param>
    /// <param name="onRetry">Receives the failure, the number of the attempt, and the pause.</param>
    public static ResiliencePipeline Create(
        int attempts, TimeProvider time, Action<HttpStepException, int, TimeSpan> onRetry) => attempts <= 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<HttpStepException>(e => e.MayRetry),
                MaxRetryAttempts = attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstDelay,
                MaxDelay = MaxDelay,
                UseJitter = true,
                DelayGenerator = retry => ValueTask.FromResult(Asked(retry.Outcome.Exception)),
                OnRetry = retry =>
                {
                    onRetry((HttpStepException)retry.Outcome.Exception!, retry.AttemptNumber + 1, retry.RetryDelay);
                    return default;
                },
            })
            .Build();

    // null: the back-off decides.
    private static TimeSpan? Asked(Exception? e)
    {
        if (e is not HttpStepException { RetryAfter: { } delay })
            return null;
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay < MaxDelay ? delay : MaxDelay;
    }
}
