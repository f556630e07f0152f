namespace Shop.Data;

/// <summary>Something that the shop sells.</summary>
public sealed class Product
{
    public required string Sku { get; init; }

    public required decimal Price { get; set; }

    /// <summary>How many are left. The database refuses to go below zero.</summary>
    public required int Stock { get; set; }
}
