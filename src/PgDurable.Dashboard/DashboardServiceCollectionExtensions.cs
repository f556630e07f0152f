using PgDurable.Dashboard;
using PgDurable.Dashboard.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the dashboard's services.</summary>
public static class DashboardServiceCollectionExtensions
{
    /// <summary>Adds what <c>MapPgDurable</c> needs.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Configures the dashboard, or null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IServiceCollection AddPgDurableDashboard(this IServiceCollection services, Action<DashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new DashboardOptions();
        configure?.Invoke(options);
        services.AddAntiforgery();
        services.AddAuthorization();
        services.AddSingleton(options.Validated());
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<LivePages>();
        return services;
    }
}
