using PgDurable;

namespace ExternalApi;

/// <summary>
/// Orders a shipment from a carrier whose server is busy, fails, and doesn't always answer in time. The request is a step of the workflow:
/// no application has to run.
/// </summary>
[Workflow("ship-parcel")]
public sealed partial class ShipParcel : IWorkflow<ShipParcel.Input, ShipParcel.Shipped>
{
    public sealed record Input(string Carrier, long ParcelId);
    public sealed record Parcel(string Address);
    public sealed record Shipment(string Tracking);
    public sealed record Shipped(string Tracking);

    // The worker sends an Idempotency-Key: the same in every attempt, also from another worker after a crash. The carrier ships once for
    // each key.
    public static Flow<Shipped> Define(Flow flow, Input input) => flow
        .QuerySingle<Parcel>($"SELECT address FROM warehouse.parcels WHERE id = {input.ParcelId}", out var parcel)
        .HttpPost<Shipment>($"{input.Carrier}/shipments", json: new { address = parcel.Address }, out var shipment,
            retry: new Retry(20) { Delay = TimeSpan.FromSeconds(0.5), MaxDelay = TimeSpan.FromMinutes(10), RetryAfter = true },
            timeout: TimeSpan.FromSeconds(2))
        // A refusal is an answer: another attempt would not change it.
        .If(!shipment.Ok, then: f => f
            .Execute($"UPDATE warehouse.parcels SET problem = 'the carrier said ' || {shipment.Status} WHERE id = {input.ParcelId}")
            .Fail($"the carrier refused parcel {input.ParcelId} with status {shipment.Status}", "SHIP1"))
        .QuerySingle<Shipped>($"""
            UPDATE warehouse.parcels SET tracking = {shipment.Json.Tracking} WHERE id = {input.ParcelId} RETURNING tracking
            """);
}
