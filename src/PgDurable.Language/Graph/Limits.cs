namespace PgDurable.Graph;

/// <summary>The limits of a graph. <c>df._graph_limit</c> has the same under the same names, and a test compares the two.</summary>
internal static class Limits
{
    public const int MaxNodes = 10_000;

    /// <summary>How deep nodes may be nested.</summary>
    public const int MaxDepth = 256;

    /// <summary>A thousand years: no clock goes much further.</summary>
    public const long MaxSleepSeconds = 31_536_000_000;

    /// <summary>The longest delay between two attempts: a year.</summary>
    public const int MaxDelaySeconds = 31_536_000;

    /// <summary>The longest time-out of a block: a year.</summary>
    public const int MaxTimeoutSeconds = 31_536_000;

    /// <summary>The longest time-out of a signal or a request.</summary>
    public const int MaxWaitSeconds = int.MaxValue;

    public const int MaxAttempts = 1000;

    public const int MaxBackoff = 100;

    /// <summary>The slowest pace of a loop: a day.</summary>
    public const int MaxIntervalMs = 86_400_000;

    /// <summary>How many items of a FOREACH may run at the same time.</summary>
    public const int MaxParallel = 1000;

    public const int MaxVersion = int.MaxValue;

    /// <summary>The largest limit of a body: the largest integer that every JSON parser reads exactly.</summary>
    public const long MaxBodyBytes = 9_007_199_254_740_991;
}
