using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Session;
using PgDurable.Worker.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the PgDurable worker in an application.</summary>
public static class PgDurableWorkerServiceCollectionExtensions
{
    /// <summary>Adds a worker that runs workflow instances for as long as the application runs.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets at least <see cref="WorkerOptions.ConnectionString"/>.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="OptionsValidationException">When the host starts: a setting is missing or out of range.</exception>
    public static IServiceCollection AddPgDurableWorker(this IServiceCollection services, Action<WorkerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<WorkerOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<StepMetrics>();
        services.TryAddSingleton<StepTelemetry>();
        services.AddHostedService<WorkerService>();
        return services;
    }
}
