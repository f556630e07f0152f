using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using PgDurable.Dashboard.Data;
using PgDurable.Dashboard.Pages;

namespace PgDurable.Dashboard.Http;

/// <summary>Answers requests: who may, as which role, and what comes back if something is wrong.</summary>
internal static class Requests
{
    /// <summary>Answers with a page, or with the stream of its changes.</summary>
    /// <param name="http">The request.</param>
    /// <param name="segments">How many segments of the path are below the dashboard's own.</param>
    /// <param name="query">Makes the page.</param>
    public static async Task ShowAsync(HttpContext http, int segments, PageQuery query)
    {
        if (!await IsOpenAsync(http))
            return;
        if (http.Request.Headers.Accept.Any(type => type?.Contains("text/event-stream", StringComparison.Ordinal) == true))
        {
            await http.RequestServices.GetRequiredService<LivePages>().StreamAsync(http, () => DrawAsync(http, segments, query));
            return;
        }

        var (status, html) = await DrawAsync(http, segments, query);
        await WriteAsync(http, status, html);
    }

    /// <summary>Does what a form asks for, and leads to the page that shows it.</summary>
    public static async Task ActAsync(HttpContext http, int segments, PageAction action)
    {
        if (!await IsOpenAsync(http))
            return;
        var result = await DrawnAsync(http, segments, async () =>
        {
            if (!await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http))
            {
                throw new RefusedException(
                    400, "Please try again", "The form is out of date, or comes from another site. Nothing was changed.",
                    "Reload the page and send the form again.");
            }

            var rights = await RightsAsync(http);
            if (!rights.Operate)
                throw new RefusedException(403, "Not allowed", "You may look, but not act. Nothing was changed.");
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var (dataSource, database) = await OpenAsync(http, isAction: true);
            await using (database)
            {
                // A person who closes the page does not stop what was asked for.
                var path = await action(new(http, dataSource, database, rights, form), CancellationToken.None);
                await database.CommitAsync(CancellationToken.None);
                Protect(http);
                http.Response.StatusCode = StatusCodes.Status303SeeOther;
                http.Response.Headers.Location = Base(http, segments) + path;
                return null;
            }
        });
        if (result is var (status, html) && html is not null)
            await WriteAsync(http, status, html);
    }

    /// <summary>Answers with a whole value, as a file.</summary>
    public static async Task DownloadAsync(HttpContext http, int segments)
    {
        if (!await IsOpenAsync(http))
            return;
        string? value = null;
        var result = await DrawnAsync(http, segments, async () =>
        {
            var rights = await RightsAsync(http);
            if (!rights.Payload)
                throw new RefusedException(403, "Not allowed", "You may not see inputs and results.");
            var (dataSource, database) = await OpenAsync(http, isAction: false);
            await using (database)
                value = await InstanceValues.ReadAsync(new(http, dataSource, database, rights, FormCollection.Empty), http.RequestAborted);
            return null;
        });
        if (result is var (status, html) && html is not null)
        {
            await WriteAsync(http, status, html);
            return;
        }

        Protect(http);
        // Never shown by the browser, whatever it contains.
        http.Response.ContentType = MediaTypeNames.Application.Octet;
        http.Response.Headers.ContentDisposition = "attachment; filename=\"value.json\"";
        await http.Response.WriteAsync(value ?? "", Encoding.UTF8, http.RequestAborted);
    }

    private static Task<(int Status, string? Html)> DrawAsync(HttpContext http, int segments, PageQuery query) =>
        DrawnAsync(http, segments, async () =>
        {
            var rights = await RightsAsync(http);
            var (dataSource, database) = await OpenAsync(http, isAction: false);
            await using (database)
            {
                var page = await query(new(http, dataSource, database, rights, FormCollection.Empty), http.RequestAborted);
                var now = await database.ValueAsync<DateTime>("SELECT pg_catalog.clock_timestamp()", http.RequestAborted);
                return (page, Context(http, segments, rights, database.Role, database.Name, now));
            }
        });

    // Draws what was made, or what went wrong. Nothing is drawn if there is no page.
    private static async Task<(int Status, string? Html)> DrawnAsync(
        HttpContext http, int segments, Func<Task<(Page Page, PageContext Context)?>> make)
    {
        var renderer = http.RequestServices.GetRequiredService<PageRenderer>();
        try
        {
            return await make() is var (page, context) ? (page.Status, await renderer.DrawAsync(page, context)) : (0, null);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return (0, null);
        }
        catch (Exception error) when (Refusal.Of(error) is { } refusal)
        {
            if (refusal.Status >= 500)
                Log.Failed(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("PgDurable.Dashboard"), error);
            var context = Context(http, segments, new(false, false), "", "", DateTime.UtcNow);
            return (refusal.Status, await renderer.DrawAsync(MessagePage.For(refusal), context));
        }
    }

    private static PageContext Context(HttpContext http, int segments, Rights rights, string role, string database, DateTime now)
    {
        // Tokens are set in a cookie, which a stream can't do any more. Its page has them already.
        var tokens = rights.Operate && !http.Response.HasStarted
            ? http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http)
            : null;
        return new(
            Base(http, segments), $"{Path(http)}{http.Request.QueryString.ToUriComponent()}", rights,
            tokens?.FormFieldName ?? "", tokens?.RequestToken ?? "", role, database,
            new DateTimeOffset(DateTime.SpecifyKind(now, DateTimeKind.Utc)));
    }

    // The dashboard's own path, wherever and below whatever prefix it was mapped.
    private static string Base(HttpContext http, int segments)
    {
        var path = Path(http).TrimEnd('/');
        for (var i = 0; i < segments; i++)
            path = path[..path.LastIndexOf('/')];
        return path;
    }

    private static string Path(HttpContext http) => http.Request.PathBase.ToUriComponent() + http.Request.Path.ToUriComponent();

    private static async Task<bool> IsOpenAsync(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<IAuthorizeData>() is not null || metadata?.GetMetadata<IAllowAnonymous>() is not null
            || metadata?.GetMetadata<AuthorizationPolicy>() is not null
            || http.RequestServices.GetRequiredService<IOptions<AuthorizationOptions>>().Value.FallbackPolicy is not null
            || http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment())
            return true;
        Protect(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(
            """
            The PgDurable dashboard is closed: outside Development, it opens only once the application says who may see it.

                app.MapPgDurable("/durable").RequireAuthorization("ops");

            RequireAuthorization() without a policy lets in everybody who is signed in, and AllowAnonymous() everybody.
            """,
            http.RequestAborted);
        return false;
    }

    private static async Task<Rights> RightsAsync(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<DashboardOptions>();
        return new(await IsAllowedAsync(options.OperatePolicy), await IsAllowedAsync(options.PayloadPolicy));

        async Task<bool> IsAllowedAsync(string? policy) => policy is null
            || (await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, http, policy)).Succeeded;
    }

    private static async Task<(NpgsqlDataSource DataSource, Database Database)> OpenAsync(HttpContext http, bool isAction)
    {
        var options = http.RequestServices.GetRequiredService<DashboardOptions>();
        var dataSource = options.DataSource is { } find
            ? find(http.RequestServices)
            : DataSources.Required(http.RequestServices.GetService<NpgsqlDataSource>(), "NpgsqlDataSource");
        var person = http.User.Identity?.Name is { Length: > 0 } name ? $"dashboard: {name}" : "dashboard";
        var database = await Database.OpenAsync(
            dataSource, options.Role?.Invoke(http), person, isAction, options.StatementTimeout, http.RequestAborted);
        return (dataSource, database);
    }

    private static async Task WriteAsync(HttpContext http, int status, string? html)
    {
        if (html is null)
            return;
        Protect(http);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html, Encoding.UTF8, http.RequestAborted);
    }

    public static void Protect(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
