using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PgDurable;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers PgDurable's health check.</summary>
public static class PgDurableHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check. It reports the failure status if the schema <c>df</c> is missing or its version doesn't fit this package, or if
    /// no worker is running. It reports <see cref="HealthStatus.Degraded"/> if the connected role's instances aren't picked up in time, or
    /// if nobody claims the tasks of their activities in time.
    /// </summary>
    /// <param name="builder">The health checks builder.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="serviceKey">The key of the <see cref="NpgsqlDataSource"/>, or null for the one without a key.</param>
    /// <param name="configure">Configures the thresholds, or null for the defaults.</param>
    /// <param name="failureStatus">The status to report on failure, or null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags for filtering health checks.</param>
    /// <param name="timeout">The check's time limit, or null for none except the connection's own timeouts.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
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
                serviceKey is null
                    ? provider.GetRequiredService<NpgsqlDataSource>()
                    : provider.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey),
                options),
            failureStatus, tags, timeout));
    }
}
