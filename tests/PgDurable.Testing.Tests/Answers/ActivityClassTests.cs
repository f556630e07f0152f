using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Answers;

public sealed class ActivityClassTests
{
    static readonly DfNode Charge = Df.Activity("charge-card", JsonNode.Parse("""{"account":"$input.account","total":"$input.total"}"""));

    static WorkflowTest<JsonElement> Order(DfNode? charge = null) =>
        WorkflowTest.For((charge ?? Charge).As("receipt").Then("SELECT $receipt.id AS id"), """{"account":"a-1","total":9.5}""");

    static string? Id(WorkflowTestResult<JsonElement> result) => result.Output.GetProperty("rows")[0].GetProperty("id").GetString();

    sealed class Gateway(Func<int, string> charge) : IPaymentGateway
    {
        public List<(string Account, decimal Total, Guid Key)> Charges { get; } = [];

        public string Charge(string account, decimal total, Guid idempotencyKey)
        {
            Charges.Add((account, total, idempotencyKey));
            return charge(Charges.Count);
        }
    }

    [Fact]
    public async Task Use_Class_RunsWithTheSameKeyInEachAttempt()
    {
        var gateway = new Gateway(n => n < 3 ? throw new InvalidOperationException("busy") : $"r-{n}");
        var result = await Order(Df.Retry(Charge, 5, 1)).Use(ChargeCard.Definition, new ChargeCard(gateway)).RunAsync();

        Assert.Equal("r-3", Id(result));
        Assert.Equal(("a-1", 9.5m), (gateway.Charges[0].Account, gateway.Charges[0].Total));
        Assert.Single(gateway.Charges.Select(charge => charge.Key).Distinct());
    }

    [Fact]
    public async Task Use_ItemsAndIterations_HaveKeysOfTheirOwn()
    {
        var gateway = new Gateway(n => $"r-{n}");
        var charge = Df.Activity("charge-card", JsonNode.Parse("""{"account":"$item.account","total":1}"""));
        await WorkflowTest.For(
            Df.Loop(Df.ForEach("input", charge), "SELECT false").Then(Df.ForEach("input", charge)),
            """[{"account":"a"},{"account":"b"}]""").Use(ChargeCard.Definition, new ChargeCard(gateway)).RunAsync();

        Assert.Equal(["a", "b", "a", "b"], gateway.Charges.Select(made => made.Account));
        Assert.Equal(4, gateway.Charges.Select(made => made.Key).Distinct().Count());
    }

    [Fact]
    public async Task Use_Services_RunsTheClassOutOfAScope()
    {
        await using var services = new ServiceCollection().AddScoped<ChargeCard>()
            .AddSingleton<IPaymentGateway>(new Gateway(n => $"r-{n}")).BuildServiceProvider(validateScopes: true);
        var result = await Order().Use(ChargeCard.Definition, services).RunAsync();

        Assert.Equal("r-1", Id(result));
    }

    [Fact]
    public async Task Use_TransactionalWithoutADatabase_SaysWhatToDo()
    {
        var e = await Assert.ThrowsAsync<WorkflowTestException>(() => WorkflowTest.For(Df.Activity("book-order", 5))
            .Use(BookOrder.Definition, new BookOrder()).RunAsync());

        Assert.Equal(
            "Activity 'book-order' runs in a transaction, and this test has no database. Answer the activity with .Answer(…), or add "
            + ".UsePostgres(…).", e.Message);
    }
}
