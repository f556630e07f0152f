using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PgDurable.Dashboard.Pages;

namespace PgDurable.Dashboard.Http;

/// <summary>Makes a page.</summary>
internal delegate Task<Page> PageQuery(Question question, CancellationToken ct);

/// <summary>Does something, and returns the path below the dashboard to go to.</summary>
internal delegate Task<string> PageAction(Question question, CancellationToken ct);

/// <summary>Which page is where.</summary>
internal static class Routes
{
    public static void Map(RouteGroupBuilder group)
    {
        Page(group, "", OverviewPage.LoadAsync);
        Page(group, "/instances", InstancesPage.LoadAsync);
        Page(group, "/instances/{id}", InstancePage.LoadAsync);
        Page(group, "/bulk", BulkPage.LoadAsync);
        Page(group, "/failures", FailuresPage.LoadAsync);
        Page(group, "/workflows", WorkflowsPage.LoadAsync);
        Page(group, "/workflow", WorkflowPage.LoadAsync);
        Page(group, "/schedules", SchedulesPage.LoadAsync);
        Page(group, "/activities", ActivitiesPage.LoadAsync);
        Page(group, "/workers", WorkersPage.LoadAsync);
        Page(group, "/audit", AuditPage.LoadAsync);

        Action(group, "/instances/{id}/cancel", InstanceActions.CancelAsync);
        Action(group, "/instances/{id}/terminate", InstanceActions.TerminateAsync);
        Action(group, "/instances/{id}/pause", InstanceActions.PauseAsync);
        Action(group, "/instances/{id}/resume", InstanceActions.ResumeAsync);
        Action(group, "/instances/{id}/retry", InstanceActions.RetryAsync);
        Action(group, "/instances/{id}/signal", InstanceActions.SignalAsync);
        Action(group, "/instances/{id}/tag", InstanceActions.TagAsync);
        Action(group, "/instances/{id}/fork", InstanceActions.ForkAsync);
        Action(group, "/bulk", BulkPage.StartAsync);
        Action(group, "/workflow/start", WorkflowActions.StartAsync);
        Action(group, "/schedules/pause", ScheduleActions.PauseAsync);
        Action(group, "/schedules/resume", ScheduleActions.ResumeAsync);
        Action(group, "/schedules/run", ScheduleActions.RunAsync);

        group.MapGet("/instances/{id}/value", (HttpContext http) => Requests.DownloadAsync(http, Segments("/instances/{id}/value")));
        group.MapGet("/assets/{name}", Assets.WriteAsync);
    }

    private static void Page(RouteGroupBuilder group, string path, PageQuery query) =>
        group.MapGet(path, (HttpContext http) => Requests.ShowAsync(http, Segments(path), query));

    private static void Action(RouteGroupBuilder group, string path, PageAction action) =>
        group.MapPost(path, (HttpContext http) => Requests.ActAsync(http, Segments(path), action));

    private static int Segments(string path) => path.Count(c => c == '/');
}
