namespace PgDurable;

/// <summary>The activities that an application runs on one data source: the sum of all calls that add some.</summary>
internal sealed class ActivityRegistration
{
    private readonly Dictionary<string, ActivityDefinition> _activities = new(StringComparer.Ordinal);
    private string? _conflict;

    public ActivityOptions Options { get; } = new();

    public void Add(ActivityDefinition activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        if (!_activities.TryAdd(activity.Name, activity) && _activities[activity.Name] != activity)
            _conflict ??= activity.Name;
    }

    /// <summary>The activities by name.</summary>
    /// <exception cref="InvalidOperationException">Two activities have the same name.</exception>
    public IReadOnlyDictionary<string, ActivityDefinition> Activities() => _conflict is null
        ? _activities
        : throw new InvalidOperationException($"Two activities have the name '{_conflict}'. Give one of them another name in [Activity].");
}
