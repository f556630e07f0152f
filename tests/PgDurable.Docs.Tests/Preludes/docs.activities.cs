public sealed record Input(long OrderId);

public sealed record Order(string Account, decimal Total);

public sealed class CardDeclinedException : Exception;

public sealed record Charge(string Id);

public interface IPaymentGateway
{
    Task<Charge> ChargeAsync(string account, decimal amount, Guid key, CancellationToken ct);
}

public sealed class ShopInvoice
{
    public long Number { get; set; }
    public required long OrderId { get; set; }
    public required string Receipt { get; set; }
}

public sealed class ShopContext : DbContext;
