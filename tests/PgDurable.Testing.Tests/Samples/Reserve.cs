namespace PgDurable.Testing.Tests.Samples;

/// <summary>Undoes its steps when it is canceled.</summary>
[Workflow("reserve", OnCancel = OnCancel.Undo)]
public sealed partial class Reserve : IWorkflow<Reserve.Input>
{
    public sealed record Input(string Sku);

    public static Flow Define(Flow flow, Input input) => flow
        .Execute($"INSERT INTO reservations VALUES ({input.Sku})")
        .Compensate(f => f.Execute($"DELETE FROM reservations WHERE sku = {input.Sku}"))
        .WaitForSignal("paid")
        .Execute("INSERT INTO shipments VALUES (1)");
}
