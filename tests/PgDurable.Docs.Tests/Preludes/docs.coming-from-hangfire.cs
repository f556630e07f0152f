public sealed record Input(long OrderId);

[Activity("charge-card")]
public sealed partial class ChargeCard : IActivity<ChargeCard.Input, ChargeCard.Receipt>
{
    public sealed record Input(long OrderId);
    public sealed record Receipt(string Id);

    public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
}

[Activity("send-receipt")]
public sealed partial class SendReceipt : IActivity<SendReceipt.Input>
{
    public sealed record Input(long OrderId, string Receipt);

    public Task RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
}
