using System.Collections.Concurrent;

namespace ExternalApi;

/// <summary>
/// A carrier's server with bad days: the first request with a key is one too many (429), the second ships the parcel and then fails (503),
/// the third takes longer than anybody waits, and the fourth gets its answer. It refuses the address "nowhere" (422).
/// </summary>
public static class CarrierServer
{
    public sealed record Request(string Address);

    public sealed record Shipment(string Address, string? Tracking, int Requests);

    /// <summary>Creates it. It listens at <c>--urls</c>. GET /shipments says what it has shipped, and how often it was asked.</summary>
    public static WebApplication Create(string[] args)
    {
        var app = WebApplication.CreateBuilder(args).Build();
        var shipments = new ConcurrentDictionary<string, Shipment>();
        var numbers = 0;
        app.MapGet("/shipments", () => shipments.Values);
        app.MapPost("/shipments", async (HttpRequest request, HttpResponse response, Request body, CancellationToken ct) =>
        {
            var key = request.Headers["Idempotency-Key"].ToString();
            if (key.Length == 0)
                return Results.BadRequest("no Idempotency-Key");
            if (body.Address == "nowhere")
                return Results.StatusCode(StatusCodes.Status422UnprocessableEntity);
            Shipment shipment;
            lock (shipments)
            {
                var known = shipments.GetValueOrDefault(key) ?? new(body.Address, null, 0);
                shipment = shipments[key] = known with
                {
                    Requests = known.Requests + 1,
                    Tracking = known.Requests == 0 ? null : known.Tracking ?? $"T-{++numbers}",
                };
            }

            switch (shipment.Requests)
            {
                case 1:
                    response.Headers.RetryAfter = "1";
                    return Results.StatusCode(StatusCodes.Status429TooManyRequests);
                case 2:
                    return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
                case 3:
                    await Task.Delay(TimeSpan.FromMinutes(1), ct);
                    break;
            }

            return Results.Ok(new { shipment.Tracking });
        });
        return app;
    }
}
