namespace PgDurable.Worker.Fairness;

/// <summary>
/// A bounded number of places. Who waits for one waits as long as it takes; roles take turns. A few places more are kept for roles that have none: whatever one role does with
/// all the others, it can't keep the next one out.
/// </summary>
/// <param name="places">How many may be inside.</param>
/// <param name="reserve">How many more, of roles that have nobody else inside.</param>
internal sealed class FairRoom(int places, int reserve)
{
    private readonly Lock _lock = new();
    private readonly Rotation<TaskCompletionSource> _waiting = new();
    private readonly Dictionary<uint, int> _inside = [];
    private int _count;

    /// <summary>Returns once there is a place. <see cref="Leave"/> gives it back.</summary>
    public async Task EnterAsync(uint role, string? workflow, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add(role, workflow, turn);
            LetIn();
        }
        await using var cancelled = ct.Register(() => turn.TrySetCanceled(ct));
        await turn.Task;
    }

    public void Leave(uint role)
    {
        lock (_lock)
        {
            _count--;
            if (--_inside[role] == 0)
                _inside.Remove(role);
            LetIn();
        }
    }

    private void LetIn()
    {
        uint next = 0;
        bool May(uint role)
        {
            next = role;
            return _count < places || _count < places + reserve && !_inside.ContainsKey(role);
        }
        while (_waiting.TryTake(May, _ => true, out var turn))
        {
            if (!turn.TrySetResult())
                continue; // given up meanwhile
            _count++;
            _inside[next] = _inside.GetValueOrDefault(next) + 1;
        }
    }
}
