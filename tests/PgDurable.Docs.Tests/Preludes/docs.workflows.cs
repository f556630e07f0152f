// input: GuideInput

public sealed record GuideInput(long CartId, string Url, string Token, TimeSpan Grace, IReadOnlyList<string> Emails);

public sealed record Order(long Id, long OrderId, string Sku, decimal Total, string? Note, DateTimeOffset DueAt);

public sealed record Left(long Count);

public sealed record Progress(string Phase, long Left);

public sealed record Total(decimal Amount);

public sealed record Line(string Sku);

public sealed record Price(decimal Amount);

public sealed record Approval(string By);

public sealed record Reply(int Rate);

[Workflow("ship-order")]
public sealed partial class ShipOrder : IWorkflow<ShipOrder.Input, ShipOrder.Shipment>
{
    public sealed record Input(long OrderId);
    public sealed record Shipment(string Code);

    public static Flow<Shipment> Define(Flow flow, Input input) => flow.QuerySingle<Shipment>($"SELECT 'x' AS code, {input.OrderId}");
}
