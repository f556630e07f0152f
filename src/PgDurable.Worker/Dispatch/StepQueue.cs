using System.Collections.Concurrent;
using System.Threading.Channels;

namespace PgDurable.Worker.Dispatch;

/// <summary>Statements that wait for a connection, in the order in which they came; and for how long.</summary>
internal sealed class StepQueue(TimeProvider time)
{
    private readonly Channel<StepWork> _queue = Channel.CreateUnbounded<StepWork>();
    private readonly ConcurrentQueue<(StepWork Work, long Since)> _oldest = new();

    public void Add(StepWork work)
    {
        _oldest.Enqueue((work, time.GetTimestamp()));
        _queue.Writer.TryWrite(work);
    }

    /// <summary>The next one that still waits, if there is one.</summary>
    public bool TryTake(out StepWork? work)
    {
        while (_queue.Reader.TryRead(out work))
            if (work.TryTake()) return true;
        return false;
    }

    public ValueTask<bool> WaitAsync(CancellationToken ct) => _queue.Reader.WaitToReadAsync(ct);

    /// <summary>Takes out, every now and then, those that have waited for too long.</summary>
    public async Task ExpireAsync(TimeSpan after, Action<StepWork> expired, CancellationToken ct)
    {
        var look = TimeSpan.FromMilliseconds(Math.Clamp(after.TotalMilliseconds / 10, 20, 1000));
        while (true)
        {
            while (_oldest.TryPeek(out var oldest) && (oldest.Work.IsTaken || time.GetElapsedTime(oldest.Since) > after))
            {
                _oldest.TryDequeue(out _);
                if (oldest.Work.TryTake()) expired(oldest.Work);
            }
            await Task.Delay(look, time, ct);
        }
    }
}
