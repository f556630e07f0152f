using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using PgDurable;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the client of PgDurable in an application.</summary>
public static class PgDurableServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="DurableClient"/> that uses the application's <see cref="NpgsqlDataSource"/>, and its <see cref="TimeProvider"/> if it has one. A
    /// client that is registered already stays.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">How the client waits; null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IServiceCollection AddPgDurable(this IServiceCollection services, Action<DurableClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = Configured(configure);
        services.TryAddSingleton(provider => Create(provider, provider.GetService<NpgsqlDataSource>(), "NpgsqlDataSource", options));
        return services;
    }

    /// <summary>Adds a <see cref="DurableClient"/> with a key, which uses the application's <see cref="NpgsqlDataSource"/> of the same key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The key of both.</param>
    /// <param name="configure">How the client waits; null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IServiceCollection AddKeyedPgDurable(
        this IServiceCollection services, object serviceKey, Action<DurableClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        var options = Configured(configure);
        services.TryAddKeyedSingleton(
            serviceKey,
            (provider, key) => Create(provider, provider.GetKeyedService<NpgsqlDataSource>(key), $"NpgsqlDataSource with key '{key}'", options));
        return services;
    }

    private static DurableClientOptions Configured(Action<DurableClientOptions>? configure)
    {
        var options = new DurableClientOptions();
        configure?.Invoke(options);
        return options.Validated();
    }

    private static DurableClient Create(IServiceProvider provider, NpgsqlDataSource? dataSource, string what, DurableClientOptions options) => new(
        dataSource ?? throw new InvalidOperationException(
            $"The application has no {what}. Register it, with AddNpgsqlDataSource of the package Npgsql.DependencyInjection, or as a singleton."),
        options,
        provider.GetService<TimeProvider>());
}
