namespace Shop.Data;

/// <summary>What a customer has ordered.</summary>
public sealed class Order
{
    public long Id { get; init; }

    public required string Sku { get; init; }

    public required int Quantity { get; init; }

    /// <summary>The account that the payment provider charges.</summary>
    public required string Account { get; init; }

    public required decimal Total { get; init; }

    /// <summary>new, awaiting approval, completed or rejected. The workflow writes it.</summary>
    public required string Status { get; init; }

    /// <summary>Why it was rejected.</summary>
    public string? Reason { get; init; }

    /// <summary>The workflow's instance.</summary>
    public string? InstanceId { get; set; }
}
