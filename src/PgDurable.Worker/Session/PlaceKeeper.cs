using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Session;

/// <summary>Asks instances in hand to make room for others: those that have had their turn, and those that carry much along when memory is short.</summary>
/// <param name="values">What is in memory.</param>
/// <param name="capacity">How many instances to have in hand.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class PlaceKeeper(HeldValues values, int capacity, TimeProvider time)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>The places that each role holds.</summary>
    public static Dictionary<uint, int> Count(IEnumerable<InstanceFlow> inHand)
    {
        var places = new Dictionary<uint, int>();
        foreach (var flow in inHand)
            if (flow.HoldsPlace)
                places[flow.Claim.RoleOid] = places.GetValueOrDefault(flow.Claim.RoleOid) + 1;
        return places;
    }

    /// <summary>Makes room.</summary>
    /// <param name="inHand">The instances in hand.</param>
    /// <param name="places">The places that each role holds.</param>
    /// <param name="due">The lanes in which something waits for a place.</param>
    public void MakeRoom(IReadOnlyCollection<InstanceFlow> inHand, IReadOnlyDictionary<uint, int> places, IReadOnlyCollection<Lane> due)
    {
        if (values.IsOverBudget)
            LetLargeOnesGo(inHand);
        if (due.Count == 0 || places.Values.Sum() < capacity)
            return;

        // A few at a time. What others wait for matters: those of roles that hold more than their share, and those of the role that waits itself.
        var roles = due.Select(lane => lane.Role).ToHashSet();
        var share = Math.Max(1, capacity / Math.Max(1, roles.Union(places.Keys).Count()));
        var turnsOver = inHand
            .Where(flow => time.GetElapsedTime(flow.InHandSince) > Turn && (roles.Contains(flow.Claim.RoleOid) || places.GetValueOrDefault(flow.Claim.RoleOid) > share))
            .OrderByDescending(flow => places.GetValueOrDefault(flow.Claim.RoleOid)).ThenBy(flow => flow.InHandSince)
            .Take(Math.Max(1, capacity / 8));
        foreach (var flow in turnsOver)
        {
            // One that has not even begun would only change places with another one of its lane.
            var own = new Lane(flow.Claim.RoleOid, flow.Claim.Lane);
            flow.GiveWay(takeBack: due.Any(lane => lane != own));
        }
    }

    private void LetLargeOnesGo(IReadOnlyCollection<InstanceFlow> inHand)
    {
        long kept = 0;
        foreach (var flow in inHand.Where(flow => flow.Held >= HeldValues.Large).OrderBy(flow => flow.InHandSince))
        {
            if (kept > 0 && kept + flow.Held > values.Budget)
                flow.GiveWay(takeBack: true);
            else
                kept += flow.Held;
        }
    }
}
