using PgDurable.Worker.Store;

namespace PgDurable.Worker.Fairness;

/// <summary>
/// What claims need not look at again. While an old snapshot is open somewhere, PostgreSQL keeps the rows of everything that was claimed
/// since then, and each claim would step over them. So once a claim takes long, most claims begin after what was claimed last. Something
/// older may still come: a start that commits late, or an instance that was woken. That is what every now and then a claim of everything is
/// for.
/// </summary>
internal sealed class ClaimedSoFar(TimeProvider time)
{
    private readonly Dictionary<Lane, long> _newest = [];
    private readonly Pace _all = new(time, TimeSpan.Zero);

    /// <summary>Stands for the whole queue, which is claimed from oldest first.</summary>
    public static Lane AllLanes { get; } = new(0, -1);

    /// <summary>The number after which a claim from a lane may begin.</summary>
    public long After(Lane lane) => _all.IsTime ? 0 : Math.Max(_newest.GetValueOrDefault(lane), _newest.GetValueOrDefault(AllLanes));

    /// <summary>A claim from a lane has returned.</summary>
    public void Add(Lane lane, IEnumerable<ClaimedInstance> claimed)
    {
        foreach (var claim in claimed)
        {
            if (claim is { Held: false, Resumed: false })
                _newest[lane] = Math.Max(claim.InstanceNo, _newest.GetValueOrDefault(lane));
        }
    }

    /// <summary>A claim of everything has returned.</summary>
    /// <param name="began">When it began.</param>
    public void LookedAtAll(long began) => _all.Done(began);
}
