using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>An application in production that has the dashboard in several places. Headers say who asks.</summary>
internal static class DashboardHost
{
    public const string Main = "/durable";

    public const string Nested = "/ops/durable";

    /// <summary>Mapped without authorization.</summary>
    public const string Closed = "/closed";

    public static async Task<WebApplication> StartAsync(string connectionString)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("header", null);
        builder.Services.AddAuthorization(options =>
        {
            foreach (var right in (string[])["operate", "payload"])
                options.AddPolicy(right, policy => policy.RequireAssertion(who => !who.User.HasClaim("may not", right)));
        });
        builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
        builder.Services.AddPgDurableDashboard(options =>
        {
            options.OperatePolicy = "operate";
            options.PayloadPolicy = "payload";
            options.LiveInterval = TimeSpan.FromMilliseconds(100);
            options.Role = http => http.User.FindFirstValue("role");
        });

        var app = builder.Build();
        app.UsePathBase("/prefix");
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPgDurable(Main).RequireAuthorization();
        app.MapGroup("/ops").MapPgDurable("/durable").RequireAuthorization();
        app.MapPgDurable(Closed);
        await app.StartAsync();
        return app;
    }

    private sealed class HeaderAuthentication(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Text("name") is not { } name)
                return Task.FromResult(AuthenticateResult.NoResult());
            List<Claim> claims = [new(ClaimTypes.Name, name), new(ClaimTypes.NameIdentifier, name)];
            if (Text("role") is { } role)
                claims.Add(new("role", role));
            claims.AddRange((Text("may-not") ?? "").Split(' ').Select(right => new Claim("may not", right)));
            var identity = new ClaimsIdentity(claims, Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new(new(identity), Scheme.Name)));
        }

        // A header can't have every character.
        private string? Text(string what) =>
            Request.Headers[$"test-{what}"].ToString() is { Length: > 0 } text ? Uri.UnescapeDataString(text) : null;
    }
}
