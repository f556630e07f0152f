using System.Net;
using PgDurable;

namespace ExternalApi;

/// <summary>Orders a shipment. Every attempt, and every process after a crash, sends the same key.</summary>
[Activity("order-shipment")]
public sealed partial class OrderShipment(HttpClient carrier) : IActivity<OrderShipment.Input, OrderShipment.Shipment>
{
    public sealed record Input(string Address);

    public sealed record Shipment(string Tracking);

    public async Task<Shipment> RunAsync(Input input, ActivityContext context, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "shipments") { Content = JsonContent.Create(new { input.Address }) };
        request.Headers.Add("Idempotency-Key", context.IdempotencyKey.ToString());
        using var response = await carrier.SendAsync(request, ct);
        if (response.StatusCode is HttpStatusCode.UnprocessableEntity)
            throw new ActivityException($"the carrier said {(int)response.StatusCode}", "SHIP1", isRetryable: false);
        // 429, 503 and no answer in time are exceptions, and worth another attempt.
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Shipment>(ct))!;
    }
}
