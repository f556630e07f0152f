using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable ui</c></summary>
internal static class UiCommand
{
    private const string Cookie = "pgdurable-ui";

    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port on this machine; 0 (the default) takes a free one.",
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number is >= 0 and <= 65535))
                result.AddError("--port must be between 0 and 65535.");
        });
        var readOnly = new Option<bool>("--read-only") { Description = "Shows everything and changes nothing." };
        var command = new Command(
            "ui",
            "Serves the dashboard on this machine until Ctrl+C. It acts as the connection's role. Only who has the printed link gets in.")
        {
            port, readOnly,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            // Fails at once, with the usual message, if there is no database.
            await using (await session.ConnectAsync(role: null, ct))
            {
            }

            var secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
            await using var app = Build(session, parsed.GetValue(port), parsed.GetValue(readOnly), secret);
            await app.StartAsync(ct);
            session.Output.WriteLine($"{app.Urls.First()}/?key={secret}");
            session.Output.WriteLine("Press Ctrl+C to end.");
            await ((IHost)app).WaitForShutdownAsync(ct);
            return ExitCode.Ok;
        });
        return command;
    }

    private static WebApplication Build(Session session, int port, bool readOnly, string secret)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, port));
        builder.Services.AddRouting();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(session.DataSource);
        builder.Services.AddPgDurableDashboard(options => options.OperatePolicy = readOnly ? "nobody" : null);
        builder.Services.AddAuthorization(options => options.AddPolicy("nobody", policy => policy.RequireAssertion(_ => false)));
        var app = builder.Build();
        // Any page of the web can send requests to this port, and any user of the machine can open it: neither has the key.
        app.Use(async (http, next) =>
        {
            if (http.Request.Host.Host is not ("127.0.0.1" or "localhost"))
            {
                http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                return;
            }

            if (IsKey(http.Request.Query["key"]))
            {
                http.Response.Cookies.Append(
                    Cookie, secret, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true, Path = "/" });
                http.Response.Redirect(http.Request.Path);
                return;
            }

            if (!IsKey(http.Request.Cookies[Cookie]))
            {
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
                await http.Response.WriteAsync("Open the link that `pgdurable ui` printed.", http.RequestAborted);
                return;
            }

            await next(http);
        });
        app.UseRouting();
        app.MapPgDurable("").AllowAnonymous();
        return app;

        bool IsKey(string? given) => given is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));
    }
}
