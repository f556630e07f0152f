namespace PgDurable;

/// <summary>Configures how an application runs activities.</summary>
public sealed class ActivityOptions
{
    /// <summary>The queue of activities whose step names none.</summary>
    internal const string DefaultQueue = "default";

    private const int Most = 1000;

    private readonly Dictionary<string, int> _limits = new(StringComparer.Ordinal);

    /// <summary>How many activities this process runs at the same time: 1 to 1,000, 16 by default.</summary>
    public int MaxConcurrency { get; set; } = 16;

    /// <summary>
    /// How long a claimed task belongs to this process if the process doesn't extend its claim: 1 second to 1 day, 30 seconds by default.
    /// The process extends it while the activity runs. If the process dies, another one runs the activity again after that time.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The queues that this process serves. By default, only <c>default</c>.</summary>
    public IReadOnlyList<string> Queues { get; set; } = [DefaultQueue];

    /// <summary>
    /// The interval between claims while there is nothing to do and no notification arrives: 10 milliseconds to 1 minute, 1 second by
    /// default.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long running activities may finish when the application stops, before they are canceled and their tasks released: 0 to 1 hour,
    /// 20 seconds by default. The host has a limit of its own, <c>HostOptions.ShutdownTimeout</c> (30 seconds by default).
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether the process uses LISTEN, so that it learns of new tasks at once, and prepared statements; true by default. Otherwise, it
    /// only polls. Set this to false behind a pooler that gives each transaction another server connection, such as PgBouncer in
    /// transaction pooling mode. <c>No Reset On Close</c> and <c>Multiplexing</c> in the connection string have the same effect.
    /// </summary>
    public bool Listen { get; set; } = true;

    /// <summary>Limits how many runs of one activity this process has at the same time.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="maxConcurrency">The limit: 1 to 1,000. <see cref="MaxConcurrency"/> applies as well.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is out of range.</exception>
    public void Limit(ActivityDefinition activity, int maxConcurrency)
    {
        ArgumentNullException.ThrowIfNull(activity);
        CheckCount(maxConcurrency, nameof(maxConcurrency));
        _limits[activity.Name] = maxConcurrency;
    }

    /// <summary>The limit of an activity, or null if it has none of its own.</summary>
    internal int? LimitOf(string activity) => _limits.TryGetValue(activity, out var limit) ? limit : null;

    internal void Validate()
    {
        CheckCount(MaxConcurrency, nameof(MaxConcurrency));
        CheckTime(Lease, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(Lease));
        CheckTime(PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(PollInterval));
        CheckTime(ShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(ShutdownTimeout));
        if (Queues is not { Count: > 0 })
            throw new ArgumentException($"{nameof(Queues)} must have at least one queue; the standard one is '{DefaultQueue}'.");
        if (Queues.Any(queue => queue is null or { Length: 0 or > Graph.Limits.MaxActivityName }))
            throw new ArgumentException($"{nameof(Queues)}: a queue's name must have 1 to {Graph.Limits.MaxActivityName} characters.");
    }

    private static void CheckCount(int value, string name)
    {
        if (value is < 1 or > Most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 1 to {Most}.");
    }

    private static void CheckTime(TimeSpan value, TimeSpan shortest, TimeSpan longest, string name)
    {
        if (value < shortest || value > longest)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {shortest} and {longest}.");
    }
}
