using PgDurable.Worker.Store;

namespace PgDurable.Worker.Fairness;

/// <summary>Shares places out among the lanes of the queue: one to each role in turn, and within a role one to each lane in turn.</summary>
internal sealed class LaneTurns
{
    private readonly Dictionary<uint, short> _lastLane = [];
    private uint _lastRole;

    /// <summary>How many instances to take from which lanes.</summary>
    /// <param name="due">The lanes in which something is due.</param>
    /// <param name="places">The places that each role holds already.</param>
    /// <param name="free">The places that nobody holds.</param>
    /// <param name="capacity">All places.</param>
    /// <param name="runningSteps">
    /// How many steps of a role may run at the same time. More than twice as many places are of no use to it.
    /// </param>
    public Dictionary<Lane, int> Share(
        IReadOnlyCollection<Lane> due, IReadOnlyDictionary<uint, int> places, int free, int capacity, Func<uint, int> runningSteps)
    {
        var shares = new Dictionary<Lane, int>();
        var roles = due.GroupBy(lane => lane.Role).OrderBy(group => group.Key <= _lastRole).ThenBy(group => group.Key)
            .Select(group => new Role(group.Key, [.. group.Select(lane => lane.Number).Order()], places.GetValueOrDefault(group.Key)))
            .ToList();
        // What is in hand is limited, however many roles there are.
        var beyond = 9 * capacity + Math.Min(free, 0);
        while (roles.Count > 0)
        {
            var left = new List<Role>();
            foreach (var role in roles)
            {
                var most = runningSteps(role.Oid) >= capacity / 2 ? capacity : 2 * runningSteps(role.Oid);
                if (role.Places >= most)
                    continue;
                if (free > 0)
                    free--;
                else if (role.Places < FairClaims.OwnPlaces && beyond > 0)
                    beyond--;
                else
                    continue;
                role.Places++;
                var lane = new Lane(role.Oid, NextLane(role));
                shares[lane] = shares.GetValueOrDefault(lane) + 1;
                _lastRole = role.Oid;
                left.Add(role);
            }
            roles = left;
        }
        return shares;
    }

    private short NextLane(Role role)
    {
        // Only roles that are being served matter.
        if (_lastLane.Count > 10_000)
            _lastLane.Clear();
        var last = _lastLane.TryGetValue(role.Oid, out var known) ? known : (short)-1;
        var next = role.Lanes.FirstOrDefault(lane => lane > last, role.Lanes[0]);
        return _lastLane[role.Oid] = next;
    }

    private sealed class Role(uint oid, short[] lanes, int places)
    {
        public uint Oid => oid;

        public short[] Lanes => lanes;

        public int Places { get; set; } = places;
    }
}
