using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Shop.Payments;

/// <summary>
/// A payment provider with the manners of a real one: it honors <c>Idempotency-Key</c>, takes its time, declines some cards, and now and
/// then says 503 to a charge that has happened.
/// </summary>
public static class PaymentServer
{
    /// <summary>Starts it on a free port of this machine, for a shop that has no other one.</summary>
    /// <returns>Its address.</returns>
    public static async Task<Uri> StartAsync(IConfiguration configuration)
    {
        var server = Create(["--urls=http://127.0.0.1:0", $"--Payments:Milliseconds={configuration["Payments:Milliseconds"]}"]);
        await server.StartAsync();
        return new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>
    /// Creates it. It listens at <c>--urls</c>, and takes <c>--Payments:Milliseconds</c> for each charge, 200 by default.
    /// </summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var time = TimeSpan.FromMilliseconds(int.TryParse(builder.Configuration["Payments:Milliseconds"], out var given) ? given : 200);
        var app = builder.Build();
        var charges = new ConcurrentDictionary<string, Charge>();
        var numbers = 0;
        app.MapGet("/charges", () => charges.Values.OrderBy(each => each.Id, StringComparer.Ordinal));
        app.MapPost("/charges", async (HttpRequest request, ChargeRequest body, CancellationToken ct) =>
        {
            var key = request.Headers["Idempotency-Key"].ToString();
            if (key.Length == 0)
                return Results.BadRequest("no Idempotency-Key");
            if (body.Account.StartsWith("declined", StringComparison.Ordinal))
                return Results.StatusCode(StatusCodes.Status402PaymentRequired);
            var charge = charges.AddOrUpdate(
                key, _ => new($"ch-{Interlocked.Increment(ref numbers)}", key, body.Account, body.Amount, 1, 0),
                (_, same) => same with { Requests = same.Requests + 1 });
            await Task.Delay(time, ct);
            charges.AddOrUpdate(key, charge, (_, same) => same with { Answers = same.Answers + 1 });
            // The charge has happened, but its first response gets lost.
            return charge.Requests == 1 && body.Account.StartsWith("flaky", StringComparison.Ordinal)
                ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
                : Results.Ok(charge);
        });
        return app;
    }
}
