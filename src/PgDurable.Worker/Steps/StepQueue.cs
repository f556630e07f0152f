using System.Diagnostics.CodeAnalysis;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Statements that wait for a connection, as long as it takes: roles take turns, and none gets more connections than its limit. And the runners that wait for a statement, of which the one
/// that ran last is first: its connection is warm, and the others are not woken.
/// </summary>
/// <param name="time">This machine's clock.</param>
/// <param name="limit">How many statements of a role may run at a time.</param>
internal sealed class StepQueue(TimeProvider time, Func<uint, int> limit)
{
    // A statement may be long, and who knows which: so the runners in reserve come in when all others have been at it for a moment.
    private static readonly TimeSpan ReserveAfter = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    // How long a runner stays with an instance that goes on and on, when others wait.
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = time;
    private readonly Lock _lock = new();
    private readonly Rotation<(StepWork Work, long Since)> _waiting = new();
    private readonly Dictionary<uint, int> _running = [];
    private readonly Stack<(Slot Slot, TaskCompletionSource<StepWork> Next)> _idle = new();
    private TaskCompletionSource? _something;
    private volatile int _count;

    /// <summary>A place for a runner.</summary>
    /// <param name="isReserve">It serves roles only that have nothing running, when nobody else has served them for a moment.</param>
    public Slot Open(bool isReserve) => new(this, isReserve);

    public void Add(StepWork work)
    {
        lock (_lock)
        {
            Enqueue(work);
            GiveOut();
            _count = _waiting.Count;
            if (_count == 0)
                return;
            _something?.TrySetResult();
            _something = null;
        }
    }

    private void GiveOut()
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
        work.Wait();
        _waiting.Add(work.Flow.Claim.RoleOid, work.Flow.Claim.Workflow, (work, _time.GetTimestamp()));
    }

    private bool TryPick(Slot slot, [NotNullWhen(true)] out StepWork? work)
    {
        bool MayRole(uint role)
        {
            var running = _running.GetValueOrDefault(role);
            return slot.IsReserve ? running == 0 : running < limit(role);
        }
        bool May((StepWork Work, long Since) next) => !slot.IsReserve || _time.GetElapsedTime(next.Since) >= ReserveAfter || next.Work.IsTakenBack;
        while (_waiting.TryTake(MayRole, May, out var found))
        {
            if (!found.Work.TryBegin())
                continue;
            slot.Hold(found.Work.Flow.Claim.RoleOid);
            _count = _waiting.Count;
            work = found.Work;
            return true;
        }
        _count = _waiting.Count;
        work = null;
        return false;
    }

    /// <summary>What a runner holds: a connection's worth of the limit of the role that it runs a statement of.</summary>
    internal sealed class Slot(StepQueue queue, bool isReserve)
    {
        private uint? _role;
        private long _since;

        public bool IsReserve => isReserve;

        /// <summary>Whether the runner is to go on with the instance's next statement itself.</summary>
        public bool StaysWithInstance => queue._count == 0 || queue._time.GetElapsedTime(_since) < Turn;

        /// <summary>The next one, if there is one; the runner has done with the one before.</summary>
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

        /// <summary>The next one, as soon as there is one.</summary>
        public async Task<StepWork> TakeAsync(CancellationToken ct)
        {
            if (isReserve)
                return await TakeReservedAsync(ct);
            // Continues elsewhere: what adds a statement holds its instance's lock.
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
                Task something;
                lock (queue._lock)
                {
                    Free();
                    queue.GiveOut(); // the role may have been at its limit, and others idle
                    if (queue.TryPick(this, out var waiting))
                        return waiting;
                    something = queue._waiting.Count > 0
                        ? Task.Delay(LookAgain, queue._time, ct)
                        : (queue._something ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
                await something.WaitAsync(ct);
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
