using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PgDurable.Samples.Tests.Patterns;

/// <summary>The systems that samples/Patterns talks to, on the loopback address.</summary>
internal sealed class OtherSystems : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly ConcurrentDictionary<string, string> _messages = new();

    private OtherSystems()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/exports", () => Results.Json(new { id = "job-1" }, statusCode: 202));
        // Done at the third look.
        _app.MapGet("/exports/{id}", (string id) => Calls($"export {id}") < 3
            ? Results.Json(new { state = "running", wait_seconds = 0.2, file = (string?)null })
            : Results.Json(new { state = "done", wait_seconds = 0.0, file = $"{id}.csv" }));
        // The bank is down at first. It has no account named nobody.
        _app.MapPost("/deposits", (JsonElement deposit) => deposit.GetProperty("account").GetString() is var account && account == "nobody"
            ? Results.StatusCode(422)
            : Calls($"deposit {account}") == 1 ? Results.StatusCode(503) : Results.Json(new { reference = $"for {account}" }));
        _app.MapPost("/messages", (JsonElement message) =>
        {
            _messages[message.GetProperty("to").GetString()!] = message.GetProperty("text").GetString()!;
            return Results.StatusCode(202);
        });
        _app.MapGet("/scores/{customer}", (long customer) => Results.Json(new { points = customer * 10 }));
        // The first request for each contact is one too many.
        _app.MapPut("/contacts/{id}", (long id, HttpResponse response) =>
        {
            response.Headers.RetryAfter = "1";
            return Results.StatusCode(Calls($"contact {id}") == 1 ? 429 : 204);
        });
    }

    /// <summary>Without a slash at the end.</summary>
    public string Url => _app.Urls.Single();

    public static async Task<OtherSystems> StartAsync()
    {
        var systems = new OtherSystems();
        await systems._app.StartAsync();
        return systems;
    }

    /// <summary>The last text message to a phone.</summary>
    public Task<string> MessageAsync(string phone) =>
        TestKit.Poll.UntilAsync("there is a message", () => Task.FromResult(_messages.GetValueOrDefault(phone)));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private int Calls(string what) => _calls.AddOrUpdate(what, 1, (_, count) => count + 1);
}
