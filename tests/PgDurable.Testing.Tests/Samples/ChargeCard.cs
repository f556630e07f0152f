using Npgsql;

namespace PgDurable.Testing.Tests.Samples;

interface IPaymentGateway
{
    string Charge(string account, decimal total, Guid idempotencyKey);
}

/// <summary>An activity with a result.</summary>
sealed class ChargeCard(IPaymentGateway gateway) : IActivity<ChargeCard.Input, ChargeCard.Receipt>
{
    public sealed record Input(string Account, decimal Total);

    public sealed record Receipt(string Id);

    public static ActivityDefinition<Input, Receipt> Definition { get; } = ActivityDefinition.Create<ChargeCard, Input, Receipt>(
        "charge-card",
        (json, input) =>
        {
            json.WriteStartObject();
            json.WriteString("account", input.Account);
            json.WriteNumber("total", input.Total);
            json.WriteEndObject();
        },
        json => new(json.GetProperty("account").GetString()!, json.GetProperty("total").GetDecimal()),
        (json, receipt) =>
        {
            json.WriteStartObject();
            json.WriteString("id", receipt.Id);
            json.WriteEndObject();
        },
        json => new(json.GetProperty("id").GetString()!));

    public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct) =>
        Task.FromResult(new Receipt(gateway.Charge(input.Account, input.Total, context.IdempotencyKey)));
}

/// <summary>An activity without a result, whose input is a single value.</summary>
sealed class SendMail(List<string> sent) : IActivity<string>
{
    public static ActivityDefinition<string> Definition { get; } = ActivityDefinition.Create<SendMail, string>(
        "send-mail", (json, text) => json.WriteStringValue(text), json => json.GetString()!);

    public async Task RunAsync(string input, ActivityContext context, CancellationToken ct)
    {
        var parts = context.Progress?.GetString();
        await context.ReportProgressAsync(parts + "x", ct);
        sent.Add($"{input} {context.Delivery} {context.Attempt} {parts}");
    }
}

/// <summary>An activity that writes in the transaction that completes it.</summary>
sealed class BookOrder : ITransactionalActivity<int, int>
{
    public static ActivityDefinition<int, int> Definition { get; } = ActivityDefinition.CreateTransactional<BookOrder, int, int>(
        "book-order", (json, value) => json.WriteNumberValue(value), json => json.GetInt32(), (json, value) => json.WriteNumberValue(value),
        json => json.GetInt32());

    public async Task<int> RunAsync(int input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO log VALUES ('booked', 'x', $1) RETURNING 10 / $1", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = input } },
        };
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }
}
