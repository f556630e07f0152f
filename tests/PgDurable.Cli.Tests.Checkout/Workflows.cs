using PgDurable.Cli.Tests.App;

namespace PgDurable.Cli.Tests.Checkout;

/// <summary>Needs an activity of its own assembly and one of another.</summary>
[Workflow("checkout")]
public sealed partial class CheckoutOrder : IWorkflow<CheckoutOrder.Input>
{
    public sealed record Input(long OrderId, decimal Total);

    public static Flow Define(Flow flow, Input input) => flow
        .Run(ChargeCard.Definition, new(input.Total), out var receipt)
        .Run(SendMail.Definition, new(receipt.Id))
        .Run(new Ship(), new(input.OrderId));
}

/// <summary>Is called, and needs an activity that <see cref="CheckoutOrder"/> doesn't.</summary>
[Workflow("ship")]
public sealed partial class Ship : IWorkflow<Ship.Input>
{
    public sealed record Input(long OrderId);

    public static Flow Define(Flow flow, Input input) => flow.Run(PrintLabel.Definition, new(input.OrderId), queue: "printer");
}

/// <summary>Is never called.</summary>
[Workflow("refund")]
public sealed partial class Refund : IWorkflow<Refund.Input>
{
    public sealed record Input(long OrderId);

    public static Flow Define(Flow flow, Input input) => flow.Run(SendMail.Definition, new("refund"));
}

/// <summary>The assembly's own activity.</summary>
[Activity("charge-card")]
public sealed partial class ChargeCard : IActivity<ChargeCard.Input, ChargeCard.Receipt>
{
    public sealed record Input(decimal Amount);

    public sealed record Receipt(string Id);

    public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct) => Task.FromResult(new Receipt("r"));
}
