using Microsoft.Extensions.Logging;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// Keeps the session's loops going: a failure is logged, and the loop starts again. Only the loss of a connection ends it.
/// </summary>
internal sealed class LoopKeeper(WorkerStore store, ILogger logger, TimeProvider time)
{
    public async Task KeepAsync(string name, Func<CancellationToken, Task> loop, CancellationToken ct)
    {
        var (pause, reason) = (Backoff.First, "");
        while (true)
        {
            var began = time.GetTimestamp();
            try
            {
                await loop(ct);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !store.IsLost && !Faults.IsOfSession(e))
            {
                // The pause begins anew when the loop has run for a while.
                if (time.GetElapsedTime(began) > Backoff.Longest)
                    (pause, reason) = (Backoff.First, "");
                // Once for each reason: the same one again says nothing new.
                if (LogText.Of(e) is var text && text != reason)
                    Log.Retrying(logger, name, reason = text);
            }
            await Task.Delay(pause, time, ct);
            pause = Backoff.Next(pause);
        }
    }
}
