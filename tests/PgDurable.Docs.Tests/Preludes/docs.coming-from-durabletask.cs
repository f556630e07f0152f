public sealed record Input(long OrderId);

public sealed record Line(string Sku, int Quantity);

public sealed record Total(decimal Amount);

[Activity("get-price")]
public sealed partial class GetPrice : IActivity<GetPrice.Input, GetPrice.Price>
{
    public sealed record Input(string Sku, int Quantity);
    public sealed record Price(decimal Amount);

    public Task<Price> RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
}
