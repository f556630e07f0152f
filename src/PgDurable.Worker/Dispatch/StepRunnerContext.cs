using Microsoft.Extensions.Logging;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>What a session lends to its runners.</summary>
internal sealed record StepRunnerContext(
    int WorkerId,
    WorkerOptions Options,
    ILogger Logger,
    TimeProvider Time,
    Func<CancellationToken, Task<StepSession>> OpenSessionAsync,
    Func<RunningInstance, TimeSpan, CancellationToken, Task> ReleaseAsync,
    Action<RunningInstance> Forget);
