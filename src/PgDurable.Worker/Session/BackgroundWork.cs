using Microsoft.Extensions.Logging;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// Does something for an instance on another thread, again and again until it succeeds or the session is over. If it can never succeed, the
/// instance fails. So nothing is forgotten, and nothing is held forever.
/// </summary>
/// <param name="store">The connections whose loss ends the session.</param>
/// <param name="logger">The worker's log.</param>
/// <param name="time">This machine's clock.</param>
/// <param name="over">Fires when the session is over.</param>
internal sealed class BackgroundWork(WorkerStore store, ILogger logger, TimeProvider time, CancellationToken over)
{
    private readonly TaskCompletionSource _sessionLost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fails when the session is lost.</summary>
    public Task SessionLost => _sessionLost.Task;

    public void Run(ActiveInstance instance, Func<CancellationToken, Task> work) => _ = Task.Run(() => RunAsync(instance, work));

    private async Task RunAsync(ActiveInstance instance, Func<CancellationToken, Task> work)
    {
        var reported = false;
        for (var pause = Backoff.First; !over.IsCancellationRequested; pause = Backoff.Next(pause))
        {
            try
            {
                await work(over);
                return;
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return; // the next session claims what this one held
            }
            catch (Exception e) when (store.IsLost || Faults.IsOfSession(e))
            {
                _sessionLost.TrySetException(e);
                return;
            }
            catch (Exception e) when (Faults.IsOfData(e))
            {
                instance.FailAsDefective(e);
                return;
            }
            catch (Exception e)
            {
                if (!reported)
                    Log.Retrying(logger, $"a statement for instance {instance.Claim.Id}", LogText.Of(e));
                reported = true;
            }
            try
            {
                await Task.Delay(pause, time, over);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
