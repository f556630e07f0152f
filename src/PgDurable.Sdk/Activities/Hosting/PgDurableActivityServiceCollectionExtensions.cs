using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PgDurable;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the activities that an application runs.</summary>
public static class PgDurableActivityServiceCollectionExtensions
{
    /// <summary>
    /// Runs activities for as long as the application runs: adds their classes as scoped services, and a hosted service that claims their
    /// tasks in the database of the registered <see cref="NpgsqlDataSource"/>. It uses the registered <see cref="TimeProvider"/>, if there
    /// is one. Several calls add up, and share their options.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="activities">The activities: the generated <c>PgDurableActivities.All</c>, or some of them.</param>
    /// <param name="configure">Configures how they run, or null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// When the host starts: two activities have the same name, or there is no data source.
    /// </exception>
    public static IServiceCollection AddPgDurableActivities(
        this IServiceCollection services, IReadOnlyList<ActivityDefinition> activities, Action<ActivityOptions>? configure = null) =>
        Add(services, null, activities, configure);

    /// <summary>
    /// Does the same as <see cref="AddPgDurableActivities"/> in the database of the <see cref="NpgsqlDataSource"/> with a key.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="serviceKey">The key of the data source. Calls with the same key add up, and share their options.</param>
    /// <param name="activities">The activities: the generated <c>PgDurableActivities.All</c>, or some of them.</param>
    /// <param name="configure">Configures how they run, or null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// When the host starts: two activities have the same name, or there is no data source with this key.
    /// </exception>
    public static IServiceCollection AddKeyedPgDurableActivities(
        this IServiceCollection services, object serviceKey, IReadOnlyList<ActivityDefinition> activities,
        Action<ActivityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return Add(services, serviceKey, activities, configure);
    }

    private static IServiceCollection Add(
        IServiceCollection services, object? key, IReadOnlyList<ActivityDefinition> activities, Action<ActivityOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(activities);
        var registration = Registration(services, key);
        foreach (var activity in activities)
        {
            registration.Add(activity);
            activity.Register(services);
        }
        configure?.Invoke(registration.Options);
        registration.Options.Validate();
        return services;
    }

    private static ActivityRegistration Registration(IServiceCollection services, object? key)
    {
        foreach (var service in services)
        {
            if (service.ServiceType != typeof(ActivityRegistration) || !Equals(service.ServiceKey, key))
                continue;
            return (ActivityRegistration)(key is null ? service.ImplementationInstance : service.KeyedImplementationInstance)!;
        }

        var registration = new ActivityRegistration();
        services.Add(new ServiceDescriptor(typeof(ActivityRegistration), key, registration));
        services.AddSingleton<IHostedService>(provider => Create(provider, key, registration));
        return registration;
    }

    private static ActivityService Create(IServiceProvider provider, object? key, ActivityRegistration registration)
    {
        var dataSource = key is null ? provider.GetService<NpgsqlDataSource>() : provider.GetKeyedService<NpgsqlDataSource>(key);
        var which = key is null ? "" : $" with key '{key}'";
        return new(
            registration,
            DataSources.Required(dataSource, $"NpgsqlDataSource{which} for its activities"),
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
    }
}
