using Microsoft.AspNetCore.Http;
using Npgsql;

namespace PgDurable.Dashboard;

/// <summary>How the dashboard reaches the database, and who may do what.</summary>
public sealed class DashboardOptions
{
    /// <summary>
    /// The authorization policy for actions: cancel, retry, signal, start and the like. Null (the default) means that whoever sees the
    /// dashboard may act.
    /// </summary>
    public string? OperatePolicy { get; set; }

    /// <summary>
    /// The authorization policy for inputs, results, signals' data and SQL as it ran. Null (the default) means that whoever sees the
    /// dashboard sees them.
    /// </summary>
    public string? PayloadPolicy { get; set; }

    /// <summary>
    /// The database role of a request: the dashboard runs <c>SET LOCAL ROLE</c>, and row security decides what is seen. The connection's
    /// role must be a member of it. Null, or a null result, means the connection's own role.
    /// </summary>
    public Func<HttpContext, string?>? Role { get; set; }

    /// <summary>The data source. Null (the default) means the application's <see cref="NpgsqlDataSource"/>.</summary>
    public Func<IServiceProvider, NpgsqlDataSource>? DataSource { get; set; }

    /// <summary>The time limit of each statement. The default is 10 seconds; at least 1 millisecond.</summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often open pages look for changes. The default is 2 seconds, at least 100 ms; a page that takes long to make is made less often.
    /// </summary>
    public TimeSpan LiveInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many open pages are updated by themselves at the same time. The default is 100. The others are as good, but have to be reloaded.
    /// </summary>
    public int MaxLivePages { get; set; } = 100;

    internal DashboardOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(StatementTimeout, TimeSpan.FromMilliseconds(1), nameof(StatementTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StatementTimeout, TimeSpan.FromDays(1), nameof(StatementTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(LiveInterval, TimeSpan.FromMilliseconds(100), nameof(LiveInterval));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxLivePages, nameof(MaxLivePages));
        return this;
    }
}
