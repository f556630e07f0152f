namespace PgDurable;

/// <summary>
/// Activities whose tasks are claimed together: those of one queue. An activity with a limit of its own is a group of its own.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="names">The activities' names.</param>
/// <param name="limited">The only name, if the activity has a limit of its own.</param>
internal sealed class ClaimGroup(string queue, string[] names, string? limited)
{
    private bool _isWatched;

    public string Queue => queue;

    public string[] Names => names;

    public string? Limited => limited;

    /// <summary>The timestamp before which a claim is unlikely to find anything. A notification resets it.</summary>
    public long RestsUntil { get; private set; }

    /// <summary>Groups by queue and limit.</summary>
    public static ClaimGroup[] Of(IEnumerable<string> activities, ActivityOptions options)
    {
        var byLimit = activities.Order(StringComparer.Ordinal).ToLookup(name => options.LimitOf(name) is not null);
        var free = byLimit[false].ToArray();
        return
        [
            .. options.Queues.Distinct(StringComparer.Ordinal).SelectMany(queue => byLimit[true]
                .Select(name => new ClaimGroup(queue, [name], name))
                .Concat(free.Length > 0 ? [new ClaimGroup(queue, free, null)] : [])),
        ];
    }

    /// <summary>There is a new task of this activity.</summary>
    public void Tell(string activity)
    {
        if (Array.IndexOf(names, activity) < 0)
            return;
        RestsUntil = 0;
        _isWatched = false;
    }

    /// <summary>The connection is new: nothing is known.</summary>
    public void Reset()
    {
        RestsUntil = 0;
        _isWatched = false;
    }

    /// <summary>Claims tasks, and asks for a notification if there are fewer than wanted.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="max">How many tasks are wanted.</param>
    /// <param name="start">Starts the tasks that were claimed.</param>
    /// <param name="restUntil">Returns the timestamp until which the group may rest if there is nothing more.</param>
    public async Task ClaimAsync(ClaimConnection connection, int max, Action<List<ClaimedTask>, long> start, Func<long> restUntil)
    {
        var (tasks, leaseEnds) = await connection.ClaimAsync(names, queue, max).ConfigureAwait(false);
        start(tasks, leaseEnds);
        if (tasks.Count >= max)
            return;
        if (connection.Listens && (!_isWatched || tasks.Count > 0))
        {
            // A task that came before the watch isn't announced, so the next claim comes at once.
            await connection.WatchAsync(names, queue).ConfigureAwait(false);
            RestsUntil = 0;
            _isWatched = true;
            return;
        }
        RestsUntil = restUntil();
    }
}
