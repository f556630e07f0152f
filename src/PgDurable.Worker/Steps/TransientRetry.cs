using Npgsql;
using PgDurable.Worker.Store.Sessions;
using Polly;
using Polly.Retry;

namespace PgDurable.Worker.Steps;

/// <summary>Tries a statement again after errors that pass by themselves: at most ten attempts, within about five seconds.</summary>
internal static class TransientRetry
{
    public const int MaxAttempts = 10;

    public static readonly ResiliencePipeline Pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PostgresException>(SqlErrors.IsTransient),
            MaxRetryAttempts = MaxAttempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(10),
            MaxDelay = TimeSpan.FromSeconds(1),
            UseJitter = true,
        })
        .Build();
}
