namespace Shop.Data;

/// <summary>What a customer has paid.</summary>
public sealed class Invoice
{
    public long Number { get; init; }

    public required long OrderId { get; init; }

    public required decimal Amount { get; init; }

    /// <summary>The payment provider's id of the charge.</summary>
    public required string Charge { get; init; }
}
