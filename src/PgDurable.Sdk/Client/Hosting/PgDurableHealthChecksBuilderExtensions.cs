using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PgDurable;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of PgDurable in an application.</summary>
public static class PgDurableHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that the schema <c>df</c> is there in a version that fits this package, that a worker is alive, and that the connected role's instances are
    /// taken up in time. The last is <see cref="HealthStatus.Degraded"/>, the others are the registration's failure status.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="serviceKey">The key of the <see cref="NpgsqlDataSource"/>; null for the one without.</param>
    /// <param name="configure">When the check is content; null for the defaults.</param>
    /// <param name="failureStatus">What a failure is; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">To select checks by.</param>
    /// <param name="timeout">How long the check may take; null for no limit but that of the connection.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddPgDurable(
        this IHealthChecksBuilder builder,
        string name = "pgdurable",
        object? serviceKey = null,
        Action<PgDurableHealthOptions>? configure = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new PgDurableHealthOptions();
        configure?.Invoke(options);
        options.Validated();
        return builder.Add(new(
            name,
            provider => new PgDurableHealthCheck(
                serviceKey is null ? provider.GetRequiredService<NpgsqlDataSource>() : provider.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey),
                options),
            failureStatus, tags, timeout));
    }
}
