using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Session;

/// <summary>
/// Asks instances in hand to make room for others: those that have had their turn, and those with large results when memory is short.
/// </summary>
/// <param name="memory">How much memory results take.</param>
/// <param name="capacity">How many instances the worker should have in hand.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class PlaceKeeper(ResultMemory memory, int capacity, TimeProvider time)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>The places that each role holds.</summary>
    public static Dictionary<uint, int> Count(IEnumerable<ActiveInstance> inHand)
    {
        var places = new Dictionary<uint, int>();
        foreach (var instance in inHand)
            if (instance.HoldsPlace)
                places[instance.Claim.RoleOid] = places.GetValueOrDefault(instance.Claim.RoleOid) + 1;
        return places;
    }

    /// <summary>Asks instances to yield their places.</summary>
    /// <param name="inHand">The instances in hand.</param>
    /// <param name="places">The places that each role holds.</param>
    /// <param name="due">The lanes in which something waits for a place.</param>
    public void MakeRoom(IReadOnlyCollection<ActiveInstance> inHand, IReadOnlyDictionary<uint, int> places, IReadOnlyCollection<Lane> due)
    {
        if (memory.IsOverBudget)
            YieldLargeOnes(inHand);
        if (due.Count == 0 || places.Values.Sum() < capacity)
            return;

        // A few at a time: instances of roles that hold more than their share, and of roles that have something waiting themselves.
        var roles = due.Select(lane => lane.Role).ToHashSet();
        var share = Math.Max(1, capacity / Math.Max(1, roles.Union(places.Keys).Count()));
        var turnsOver = inHand
            .Where(instance => time.GetElapsedTime(instance.InHandSince) > Turn
                && (roles.Contains(instance.Claim.RoleOid) || places.GetValueOrDefault(instance.Claim.RoleOid) > share))
            .OrderByDescending(instance => places.GetValueOrDefault(instance.Claim.RoleOid)).ThenBy(instance => instance.InHandSince)
            .Take(Math.Max(1, capacity / 8));
        foreach (var instance in turnsOver)
        {
            // An instance that has not even begun would only change places with another one of its lane.
            var own = new Lane(instance.Claim.RoleOid, instance.Claim.Lane);
            instance.YieldPlace(takeBack: due.Any(lane => lane != own));
        }
    }

    private void YieldLargeOnes(IReadOnlyCollection<ActiveInstance> inHand)
    {
        long kept = 0;
        foreach (var instance in inHand.Where(instance => instance.ResultSize >= ResultMemory.Large)
            .OrderBy(instance => instance.InHandSince))
        {
            if (kept > 0 && kept + instance.ResultSize > memory.Budget)
                instance.YieldPlace(takeBack: true);
            else
                kept += instance.ResultSize;
        }
    }
}
