using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using PgDurable;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the PgDurable client.</summary>
public static class PgDurableServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="DurableClient"/> that uses the registered <see cref="NpgsqlDataSource"/> and, if there is one, the registered
    /// <see cref="TimeProvider"/>. Does nothing if a client is already registered.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Configures how the client waits, or null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IServiceCollection AddPgDurable(this IServiceCollection services, Action<DurableClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = Configured(configure);
        services.TryAddSingleton(provider => Create(provider, provider.GetService<NpgsqlDataSource>(), "NpgsqlDataSource", options));
        return services;
    }

    /// <summary>
    /// Adds a keyed <see cref="DurableClient"/> that uses the <see cref="NpgsqlDataSource"/> with the same key. Does nothing if a client
    /// with this key is already registered.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="serviceKey">The key of the client and of the data source.</param>
    /// <param name="configure">Configures how the client waits, or null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IServiceCollection AddKeyedPgDurable(
        this IServiceCollection services, object serviceKey, Action<DurableClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        var options = Configured(configure);
        services.TryAddKeyedSingleton(
            serviceKey,
            (provider, key) =>
                Create(provider, provider.GetKeyedService<NpgsqlDataSource>(key), $"NpgsqlDataSource with key '{key}'", options));
        return services;
    }

    private static DurableClientOptions Configured(Action<DurableClientOptions>? configure)
    {
        var options = new DurableClientOptions();
        configure?.Invoke(options);
        return options.Validated();
    }

    private static DurableClient Create(
        IServiceProvider provider, NpgsqlDataSource? dataSource, string what, DurableClientOptions options) => new(
        DataSources.Required(dataSource, what),
        options,
        provider.GetService<TimeProvider>());
}
