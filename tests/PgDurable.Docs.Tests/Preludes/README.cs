// input: Charge
// before: .QuerySingle<Order>("SELECT account, total FROM orders", out var order)

public sealed record Charge(long OrderId);

public sealed record Order(string Account, decimal Total);

public interface IPaymentGateway
{
    Task<ChargeCard.Receipt> ChargeAsync(string account, decimal amount, Guid key, CancellationToken ct);
}
