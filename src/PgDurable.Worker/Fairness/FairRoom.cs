namespace PgDurable.Worker.Fairness;

/// <summary>
/// A limited number of places, for which roles take turns and wait as long as it takes. A few more places are reserved for roles that have
/// none, so that one role can't keep others out by holding all places.
/// </summary>
/// <param name="places">The number of places.</param>
/// <param name="reserve">The number of additional places for roles that have none.</param>
internal sealed class FairRoom(int places, int reserve)
{
    private readonly Lock _lock = new();
    private readonly Rotation<TaskCompletionSource> _waiting = new();
    private readonly Dictionary<uint, int> _inside = [];
    private int _count;

    /// <summary>Returns as soon as there is a place. <see cref="Leave"/> frees it again.</summary>
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
                continue; // it no longer waits
            _count++;
            _inside[next] = _inside.GetValueOrDefault(next) + 1;
        }
    }
}
