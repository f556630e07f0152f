using System.Diagnostics.CodeAnalysis;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Statements that wait for a connection: roles take turns, and none gets more connections than its limit. And runners that wait for a
/// statement: the one that ran last is first, because its connection is warm and the others needn't be woken.
/// </summary>
/// <param name="time">This machine's clock.</param>
/// <param name="limit">How many statements of a role may run at the same time.</param>
internal sealed class StepQueue(TimeProvider time, Func<uint, int> limit)
{
    // Any statement may be a long one, so the runners in reserve help when all others have been busy for a moment.
    private static readonly TimeSpan ReserveAfter = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    // How long a runner stays with an instance that has one statement after another, while others wait.
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = time;
    private readonly Lock _lock = new();
    private readonly Rotation<(StepWork Work, long Since)> _waiting = new();
    private readonly Dictionary<uint, int> _running = [];
    private readonly Stack<(Slot Slot, TaskCompletionSource<StepWork> Next)> _idle = new();
    private TaskCompletionSource? _added;
    private volatile int _count;

    /// <summary>Opens a place for a runner.</summary>
    /// <param name="isReserve">Whether it only serves roles that have nothing running and have waited for a moment.</param>
    public Slot Open(bool isReserve) => new(this, isReserve);

    public void Add(StepWork work)
    {
        lock (_lock)
        {
            Enqueue(work);
            HandOut();
            _count = _waiting.Count;
            if (_count == 0)
                return;
            _added?.TrySetResult();
            _added = null;
        }
    }

    private void HandOut()
    {
        while (_waiting.Count > 0 && _idle.TryPop(out var runner))
        {
            if (runner.Next.Task.IsCompleted)
                continue; // it has stopped waiting
            if (!TryPick(runner.Slot, out var work))
            {
                _idle.Push(runner);
                break;
            }
            if (runner.Next.TrySetResult(work))
                continue;
            runner.Slot.Free();
            Enqueue(work);
        }
        _count = _waiting.Count;
    }

    private void Enqueue(StepWork work)
    {
        work.WaitForTurn();
        _waiting.Add(work.Instance.Claim.RoleOid, work.Instance.Claim.Workflow, (work, _time.GetTimestamp()));
    }

    private bool TryPick(Slot slot, [NotNullWhen(true)] out StepWork? work)
    {
        bool MayRole(uint role)
        {
            var running = _running.GetValueOrDefault(role);
            return slot.IsReserve ? running == 0 : running < limit(role);
        }
        bool May((StepWork Work, long Since) next) =>
            !slot.IsReserve || _time.GetElapsedTime(next.Since) >= ReserveAfter || next.Work.IsTakenBack;
        while (_waiting.TryTake(MayRole, May, out var found))
        {
            if (!found.Work.TryBegin())
                continue;
            slot.Hold(found.Work.Instance.Claim.RoleOid);
            _count = _waiting.Count;
            work = found.Work;
            return true;
        }
        _count = _waiting.Count;
        work = null;
        return false;
    }

    /// <summary>A runner's place. While it runs a statement, it counts against the limit of the statement's role.</summary>
    internal sealed class Slot(StepQueue queue, bool isReserve)
    {
        private uint? _role;
        private long _since;

        public bool IsReserve => isReserve;

        /// <summary>Whether the runner should run the instance's next statement itself.</summary>
        public bool StaysWithInstance => queue._count == 0 || queue._time.GetElapsedTime(_since) < Turn;

        /// <summary>Takes the next statement, if there is one. The runner has finished the one before.</summary>
        public bool TryTake([NotNullWhen(true)] out StepWork? work)
        {
            work = null;
            if (isReserve)
                return false;
            lock (queue._lock)
            {
                var before = _role;
                Free();
                if (queue.TryPick(this, out work))
                    return true;
                if (before is { } role)
                    Hold(role); // it is still committing
                return false;
            }
        }

        /// <summary>Takes the next statement as soon as there is one.</summary>
        public async Task<StepWork> TakeAsync(CancellationToken ct)
        {
            if (isReserve)
                return await TakeReservedAsync(ct);
            // Continues on another thread: whoever adds a statement holds the instance's lock.
            var next = new TaskCompletionSource<StepWork>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (queue._lock)
            {
                Free();
                if (queue.TryPick(this, out var waiting))
                    return waiting;
                queue._idle.Push((this, next));
            }
            await using var cancelled = ct.Register(() => next.TrySetCanceled(ct));
            return await next.Task;
        }

        private async Task<StepWork> TakeReservedAsync(CancellationToken ct)
        {
            while (true)
            {
                Task added;
                lock (queue._lock)
                {
                    Free();
                    queue.HandOut(); // this role may have been at its limit while other runners were idle
                    if (queue.TryPick(this, out var waiting))
                        return waiting;
                    added = queue._waiting.Count > 0
                        ? Task.Delay(LookInterval, queue._time, ct)
                        : (queue._added ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
                await added.WaitAsync(ct);
            }
        }

        internal void Hold(uint role)
        {
            (_role, _since) = (role, queue._time.GetTimestamp());
            queue._running[role] = queue._running.GetValueOrDefault(role) + 1;
        }

        internal void Free()
        {
            if (_role is not { } role)
                return;
            _role = null;
            if (--queue._running[role] == 0)
                queue._running.Remove(role);
        }
    }
}
