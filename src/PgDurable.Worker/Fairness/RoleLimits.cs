using PgDurable.Worker.Store;

namespace PgDurable.Worker.Fairness;

/// <summary>
/// How many steps of a role may run at the same time: a setting, and what a superuser has set for single roles (<c>df.set_limit</c>).
/// </summary>
internal sealed class RoleLimits(WorkerStore store, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private volatile Known _known = new(int.MaxValue, []);

    private sealed record Known(int Default, Dictionary<uint, int> Roles);

    /// <summary>The maximum number of a role's steps.</summary>
    public int RunningSteps(uint role)
    {
        var known = _known;
        return known.Roles.TryGetValue(role, out var own) ? own : known.Default;
    }

    /// <summary>Reads the limits again every few seconds. The session reads them before its first step.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(Interval, time, ct);
            await ReadAsync(ct);
        }
    }

    /// <summary>Reads the limits.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        var limits = await store.LimitsAsync("running_steps", ct);
        var roles = limits.Where(limit => limit.Role is not null).ToDictionary(limit => limit.Role!.Value, limit => Number(limit.Value));
        _known = new Known(Number(limits.Single(limit => limit.Role is null).Value), roles);
    }

    private static int Number(long value) => (int)Math.Clamp(value, 1, int.MaxValue);
}
