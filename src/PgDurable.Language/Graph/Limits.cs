namespace PgDurable.Graph;

/// <summary>The limits of a graph. <c>df._graph_limit</c> has the same limits under the same names, and a test compares the two.</summary>
internal static class Limits
{
    public const int MaxNodes = 10_000;

    /// <summary>The maximum nesting depth.</summary>
    public const int MaxDepth = 256;

    /// <summary>A thousand years: no clock goes much further.</summary>
    public const long MaxSleepSeconds = 31_536_000_000;

    /// <summary>The maximum delay between two attempts: a year.</summary>
    public const int MaxDelaySeconds = 31_536_000;

    /// <summary>The maximum time-out of a block: a year.</summary>
    public const int MaxTimeoutSeconds = 31_536_000;

    /// <summary>The maximum time-out of a signal or a request.</summary>
    public const int MaxWaitSeconds = int.MaxValue;

    public const int MaxAttempts = 1000;

    public const int MaxBackoff = 100;

    /// <summary>The maximum interval between two iterations of a loop: a day.</summary>
    public const int MaxIntervalMs = 86_400_000;

    /// <summary>The maximum number of FOREACH items that run at the same time.</summary>
    public const int MaxParallel = 1000;

    public const int MaxVersion = int.MaxValue;

    /// <summary>The maximum length of an activity's name and of a queue's, in characters.</summary>
    public const int MaxActivityName = 200;

    /// <summary>The maximum size of a body: the largest integer that every JSON parser reads exactly.</summary>
    public const long MaxBodyBytes = 9_007_199_254_740_991;
}
