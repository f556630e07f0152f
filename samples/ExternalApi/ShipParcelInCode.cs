using PgDurable;

namespace ExternalApi;

/// <summary>The same as <see cref="ShipParcel"/> with an activity: code in the application talks to the carrier.</summary>
[Workflow("ship-parcel-in-code")]
public sealed partial class ShipParcelInCode : IWorkflow<ShipParcelInCode.Input, ShipParcel.Shipped>
{
    public sealed record Input(long ParcelId);

    public static Flow<ShipParcel.Shipped> Define(Flow flow, Input input) => flow
        .QuerySingle<ShipParcel.Parcel>($"SELECT address FROM warehouse.parcels WHERE id = {input.ParcelId}", out var parcel)
        .Try<ShipParcel.Shipped>(
            body: f => f
                .Run(OrderShipment.Definition, new(parcel.Address), out var shipment,
                    retry: new Retry(20) { Delay = TimeSpan.FromSeconds(0.5), MaxDelay = TimeSpan.FromMinutes(10) })
                .QuerySingle<ShipParcel.Shipped>($"""
                    UPDATE warehouse.parcels SET tracking = {shipment.Tracking} WHERE id = {input.ParcelId} RETURNING tracking
                    """),
            onError: (f, error) => f
                .Execute($"UPDATE warehouse.parcels SET problem = {error.Message} WHERE id = {input.ParcelId}")
                .Fail<ShipParcel.Shipped>($"parcel {input.ParcelId}: {error.Message}", "SHIP1"));
}
