using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>A web server on the loopback address.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();

    private TestServer(RequestDelegate answer, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        _app = builder.Build();
        _app.Run(async context =>
        {
            _requests.Enqueue(await ReceivedRequest.ReadAsync(context.Request));
            await answer(context);
        });
    }

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public ReceivedRequest Request => Assert.Single(_requests);

    /// <summary>Without a slash at the end.</summary>
    public string Url => _app.Urls.Single();

    public int Port => new Uri(Url).Port;

    public static async Task<TestServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var server = new TestServer(answer, certificate);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Answers the first request with the first answer, and so on; the last answer is for all that follow.</summary>
    public static Task<TestServer> StartAsync(params RequestDelegate[] answers)
    {
        var count = 0;
        return StartAsync(context => answers[Math.Min(Interlocked.Increment(ref count), answers.Length) - 1](context));
    }

    public static RequestDelegate Status(int status, string body = "", params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers.Append(name, value);
        await context.Response.WriteAsync(body);
    };

    public static RequestDelegate Bytes(byte[] body, string? contentType, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
            context.Response.Headers.Append(name, value);
        await context.Response.Body.WriteAsync(body);
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
