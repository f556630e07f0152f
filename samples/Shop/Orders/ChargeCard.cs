using PgDurable;
using Shop.Payments;

namespace Shop.Orders;

/// <summary>Charges a customer's card at the payment provider.</summary>
[Activity("charge-card")]
public sealed partial class ChargeCard(PaymentClient payments) : IActivity<ChargeCard.Input, ChargeCard.Charge>
{
    public sealed record Input(string Account, decimal Amount);

    public sealed record Charge(string Id);

    public async Task<Charge> RunAsync(Input input, ActivityContext context, CancellationToken ct)
    {
        if (context.Delivery > 1)
            context.Logger.LogInformation("A process died while it charged {Account}; asking again with the same key", input.Account);
        try
        {
            return new(await payments.ChargeAsync(context.IdempotencyKey, input.Account, input.Amount, ct));
        }
        catch (CardDeclinedException e)
        {
            // No attempt will change that. Any other exception, such as a 503 from the provider, is worth a retry.
            throw new ActivityException(e.Message, sqlState: "P4020", isRetryable: false);
        }
    }
}
