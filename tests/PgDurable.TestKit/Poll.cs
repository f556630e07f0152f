using System.Diagnostics;

namespace PgDurable.TestKit;

/// <summary>Waits for observed state instead of sleeping for a guess.</summary>
public static class Poll
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Looks until <paramref name="look"/> returns something, and fails with <paramref name="what"/> after the deadline (30 s).
    /// </summary>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> look, TimeSpan? deadline = null) where T : class
    {
        var limit = deadline ?? TimeSpan.FromSeconds(30);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found)
                return found;
            if (watch.Elapsed > limit)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}.");
            await Task.Delay(Interval);
        }
    }

    /// <summary>Looks until <paramref name="look"/> is true.</summary>
    public static Task UntilAsync(string what, Func<Task<bool>> look, TimeSpan? deadline = null) =>
        UntilAsync(what, async () => await look() ? "yes" : null, deadline);
}
