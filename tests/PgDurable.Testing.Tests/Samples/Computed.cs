namespace PgDurable.Testing.Tests.Samples;

/// <summary>Ends loops with values that are computed.</summary>
[Workflow("count-down")]
public sealed partial class CountDown : IWorkflow<CountDown.Input, CountDown.Decision>
{
    public sealed record Input(long Start, decimal Price);

    public sealed record Order(long Id, decimal Total, string? Note);

    public sealed record Decision(string Status, decimal Half, long? Next);

    public static Flow<Decision> Define(Flow flow, Input input) => flow
        .Forever<long>(f => f.Break(input.Start + 1), out var next)
        .Forever<Order>(
            f => f.QuerySingle<Order>($"SELECT id, total, note FROM orders WHERE id = {next}", out var order).Break(order), out var last)
        .Forever<Decision>(f => f.Break(new Decision(last.Note ?? "none", last.Total / 2, next)), out var decision)
        .If(decision.Half > input.Price, f => f.Execute($"INSERT INTO dear VALUES ({last.Id}, {decision.Status})"))
        .QuerySingle<Decision>($"SELECT {decision.Status} AS status, {decision.Half} AS half, {decision.Next} AS next");
}

/// <summary>Works with the results of ForEach, which its caller never sees as a step.</summary>
[Workflow("check-lines")]
public sealed partial class CheckLines : IWorkflow<CheckLines.Input>
{
    public sealed record Input(long OrderId, string Host);

    public sealed record Line(long Id, string Sku);

    public sealed record Checked(long Id, decimal Price);

    public static Flow Define(Flow flow, Input input) => flow
        .Query<Line>($"SELECT id, sku FROM lines WHERE order_id = {input.OrderId}", out var lines)
        .ForEach(lines, (f, line) => f.QuerySingle<Checked>($"SELECT id, price FROM prices WHERE sku = {line.Sku}"), out var prices)
        .ForEach(prices, (f, price) => f.Execute($"UPDATE lines SET price = {price.Price} WHERE id = {price.Id}"))
        .ForEach(lines, (f, line) => f.QuerySingle<long>($"SELECT weight FROM weights WHERE id = {line.Id}"), out var weights)
        .If(weights.Count > 1, f => f.HttpPost(
            $"https://{input.Host}/orders/{input.OrderId}",
            json: new { id = input.OrderId + 1, text = "a $", host = input.Host.ToUpper() }))
        .Execute($"INSERT INTO total SELECT sum(value) FROM {weights}");
}

/// <summary>Runs steps for a list of its input, for a range, and with what it knows about itself.</summary>
[Workflow("send-copies")]
public sealed partial class SendCopies : IWorkflow<SendCopies.Input>
{
    public sealed record Line(string Sku, int? Quantity);

    public sealed record Input(IReadOnlyList<Line> Lines, int Copies);

    public static Flow Define(Flow flow, Input input) => flow
        .ForEach(input.Lines, (f, line) => f.Execute($"INSERT INTO lines VALUES ({line.Sku}, {line.Quantity})"), maxParallel: 1)
        .ForEach(Rows.Range(1, input.Copies), (f, n) => f.Execute($"INSERT INTO copies VALUES ({n})"), maxParallel: 1)
        .Execute($"INSERT INTO runs VALUES ({flow.Instance.Id}, {flow.Instance.Label}, {flow.Instance.StartedAt})");
}

/// <summary>Starts another workflow and doesn't wait for it.</summary>
[Workflow("hand-over")]
public sealed partial class HandOver : IWorkflow<HandOver.Input>
{
    public sealed record Input(int Copies);

    public static Flow Define(Flow flow, Input input) => flow
        .Start(new CountDown(), new(input.Copies + 1, 2.5m), out var id)
        .Execute($"INSERT INTO started VALUES ({id})");
}
