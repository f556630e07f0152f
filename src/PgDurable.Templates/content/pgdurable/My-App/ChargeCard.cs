using PgDurable;

namespace RootNs;

/// <summary>A step in C#. Put the call to the payment provider here, and pass the key on: an activity may run twice.</summary>
[Activity("charge-card")]
public sealed partial class ChargeCard(ILogger<ChargeCard> logger) : IActivity<ChargeCard.Input, ChargeCard.Receipt>
{
    public sealed record Input(string Customer, decimal Amount);

    public sealed record Receipt(string Number);

    public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct)
    {
        logger.LogInformation("Charging {Amount} to {Customer}, key {Key}", input.Amount, input.Customer, context.IdempotencyKey);
        return Task.FromResult(new Receipt($"R-{input.Customer}"));
    }
}
