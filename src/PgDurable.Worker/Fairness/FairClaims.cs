using PgDurable.Worker.Store;

namespace PgDurable.Worker.Fairness;

/// <summary>
/// Decides what to claim. As long as everything due can be taken, it takes the oldest first, which costs least. Otherwise roles take turns,
/// and within a role its lanes do, which are roughly its workflows. Up to every other claim prefers what has waited for something, so that
/// a flood of starts doesn't hold up timers. A role without places gets some, however many places the others hold.
/// </summary>
/// <param name="store">The database.</param>
/// <param name="role">The only role to claim for; <c>null</c> for all roles.</param>
/// <param name="capacity">How many instances the worker should have in hand.</param>
/// <param name="limits">How many steps of a role may run at the same time.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class FairClaims(WorkerStore store, uint? role, int capacity, RoleLimits limits, TimeProvider time)
{
    /// <summary>
    /// The places that every role may have, even if all others are taken: enough to have a next instance at hand when one ends.
    /// </summary>
    public const int OwnPlaces = 2;

    /// <summary>How old the last look at the lanes may be.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private const int LanesAtATime = 256;

    private readonly LaneTurns _turns = new();
    private readonly ClaimedSoFar _soFar = new(time);
    private readonly Pace _looks = new(time, LookInterval);
    private List<Lane> _due = [];
    private Lane _after;
    private bool _lastWoken;
    private bool _moreWoken;

    /// <summary>Whether more is due than could be taken.</summary>
    public bool IsContended { get; private set; }

    /// <summary>The lanes in which, at the last look, something was due that has not been taken.</summary>
    public IReadOnlyCollection<Lane> Due => _due;

    /// <summary>
    /// Waits until there is something to claim, and claims it, up to half of the places: others may become due while this waits.
    /// </summary>
    public Task<List<ClaimedInstance>> WaitAsync(TimeSpan limit, CancellationToken ct) =>
        store.ClaimAsync(Math.Max(1, capacity / 2), role, null, false, [0], ct, limit);

    /// <summary>Claims instances.</summary>
    /// <param name="places">The places that each role holds now.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<List<ClaimedInstance>> ClaimAsync(IReadOnlyDictionary<uint, int> places, CancellationToken ct)
    {
        var free = capacity - places.Values.Sum();
        if (!IsContended && free > 0)
        {
            var all = ClaimedSoFar.AllLanes;
            var oldest = await ClaimTimedAsync(free, null, false, [_soFar.After(all)], ct);
            _soFar.Add(all, oldest);
            IsContended = oldest.Count(claim => !claim.Held) == free;
            _looks.Hurry();
            return oldest;
        }

        IsContended = true;
        var looks = _looks.IsTime;
        if (looks)
            await LookAsync(ct);
        var shares = _turns.Share(_due, places, free, capacity, limits.RunningSteps);
        var wokenOnly = looks || _moreWoken && !_lastWoken;
        var claimed = await ClaimSharesAsync(shares, wokenOnly, ct);
        var left = Left(shares, claimed);
        if (wokenOnly)
            _moreWoken = left.Count == 0;
        _lastWoken = wokenOnly;
        if (wokenOnly && left.Count > 0)
        {
            var more = await ClaimSharesAsync(left, false, ct);
            left = Left(left, more);
            claimed.AddRange(more);
        }
        // A lane that has returned less than its share is empty.
        _due.RemoveAll(left.ContainsKey);
        if (_due.Count == 0 && free > 0 && _after == default)
            IsContended = false;
        return claimed;
    }

    private async Task<List<ClaimedInstance>> ClaimSharesAsync(Dictionary<Lane, int> shares, bool wokenOnly, CancellationToken ct)
    {
        var claimed = await ClaimTimedAsync(0, shares, wokenOnly, [.. shares.Select(share => wokenOnly ? 0 : _soFar.After(share.Key))], ct);
        // Those that have waited don't say what has become of those that were just started.
        foreach (var lane in claimed.Where(_ => !wokenOnly).GroupBy(claim => new Lane(claim.RoleOid, claim.Lane)))
            _soFar.Add(lane.Key, lane);
        return claimed;
    }

    private async Task<List<ClaimedInstance>> ClaimTimedAsync(
        int limit, Dictionary<Lane, int>? shares, bool wokenOnly, long[] after, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var claimed = await store.ClaimAsync(limit, role, shares, wokenOnly, after, ct);
        if (!wokenOnly && after.All(number => number == 0) && after.Length > 0)
            _soFar.LookedAtAll(began);
        return claimed;
    }

    private static Dictionary<Lane, int> Left(Dictionary<Lane, int> shares, List<ClaimedInstance> claimed)
    {
        var taken = claimed.Where(claim => !claim.Held).CountBy(claim => new Lane(claim.RoleOid, claim.Lane)).ToDictionary();
        return shares.Select(share => KeyValuePair.Create(share.Key, share.Value - taken.GetValueOrDefault(share.Key)))
            .Where(share => share.Value > 0).ToDictionary();
    }

    // A few hundred lanes at a time, from where the last look ended. Each costs an index look-up, whether something in it is due or not.
    private async Task LookAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var lanes = await store.LanesAsync(role, _after == default ? new Lane(0, -1) : _after, LanesAtATime, ct);
        if (_after == default)
            _due = [];
        else
            _due.RemoveAll(lane => lanes.Any(seen => seen.Lane == lane));
        _due.AddRange(lanes.Where(lane => lane.IsDue).Select(lane => lane.Lane));
        _after = lanes.Count < LanesAtATime ? default : lanes[^1].Lane;
        _looks.Done(began);
    }
}
