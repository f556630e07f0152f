using System.Diagnostics.CodeAnalysis;

namespace PgDurable.Worker.Dispatch;

/// <summary>
/// Statements that wait for a connection, first come, first served; and the runners that wait for a statement, of which the one that ran last is first: its connection is warm, and
/// the others are not woken.
/// </summary>
internal sealed class StepQueue(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<(StepWork Work, long Since)> _work = new();
    private readonly Stack<TaskCompletionSource<StepWork>> _idle = new();

    public void Add(StepWork work)
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var runner))
                if (runner.TrySetResult(work)) return;
            _work.Enqueue((work, time.GetTimestamp()));
        }
    }

    /// <summary>The next one, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out StepWork? work)
    {
        lock (_lock)
        {
            var found = _work.TryDequeue(out var next);
            work = next.Work;
            return found;
        }
    }

    /// <summary>The next one, as soon as there is one.</summary>
    public async Task<StepWork> TakeAsync(CancellationToken ct)
    {
        // Continues elsewhere: what adds a statement holds its instance's lock.
        var next = new TaskCompletionSource<StepWork>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_work.TryDequeue(out var waiting)) return waiting.Work;
            _idle.Push(next);
        }
        await using var cancelled = ct.Register(() => next.TrySetCanceled(ct));
        return await next.Task;
    }

    /// <summary>Takes out, every now and then, those that have waited for too long.</summary>
    public async Task ExpireAsync(TimeSpan after, Action<StepWork> expired, CancellationToken ct)
    {
        var look = TimeSpan.FromMilliseconds(Math.Clamp(after.TotalMilliseconds / 10, 20, 1000));
        while (true)
        {
            while (Oldest(after) is { } work) expired(work);
            await Task.Delay(look, time, ct);
        }
    }

    private StepWork? Oldest(TimeSpan after)
    {
        lock (_lock)
            return _work.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) > after ? _work.Dequeue().Work : null;
    }
}
