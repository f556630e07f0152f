using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PgDurable.Dashboard;
using PgDurable.Dashboard.Http;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the dashboard to an application.</summary>
public static class DashboardEndpointExtensions
{
    /// <summary>Maps the dashboard's pages below a path. Outside Development, it stays closed until somebody is allowed in.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="pattern">The path, such as <c>/durable</c>.</param>
    /// <returns>The pages as a group: <c>.RequireAuthorization("ops")</c> says who may see them.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPgDurableDashboard</c> was not called.</exception>
    public static RouteGroupBuilder MapPgDurable(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (endpoints.ServiceProvider.GetService<DashboardOptions>() is null)
            throw new InvalidOperationException("Call builder.Services.AddPgDurableDashboard() before app.MapPgDurable().");
        var group = endpoints.MapGroup(pattern);
        Routes.Map(group);
        group.ExcludeFromDescription();
        return group;
    }
}
