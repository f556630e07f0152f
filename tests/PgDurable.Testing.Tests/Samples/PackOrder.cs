namespace PgDurable.Testing.Tests.Samples;

/// <summary>Publishes how far it is.</summary>
[Workflow("pack-order")]
public sealed partial class PackOrder : IWorkflow<PackOrder.Input>
{
    public sealed record Input(long OrderId, int Parts);

    public sealed record Progress(string Phase, int Packed, Part? Last);

    public sealed record Part(string Sku, decimal Weight);

    public static Flow Define(Flow flow, Input input) => flow
        .QuerySingle<int>("SELECT 0", out var packed)
        .While(packed < input.Parts, f => f
            .QuerySingle<Part>($"SELECT sku, weight FROM parts WHERE order_id = {input.OrderId} OFFSET {packed}", out var part)
            .QuerySingle<int>($"SELECT {packed + 1}", out packed)
            .Publish(new Progress("packing", packed, part)))
        .WaitForSignal("collected")
        .Publish(new Progress("gone", packed, null));
}
