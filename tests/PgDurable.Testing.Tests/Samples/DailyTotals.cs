using PgDurable.Generated;

namespace PgDurable.Testing.Tests.Samples;

/// <summary>Independent queries side by side, then one write.</summary>
public sealed class DailyTotals : IWorkflow<DailyTotals.Input>
{
    public sealed record Input(DateOnly Day);

    public sealed record Total(long Count);

    public static WorkflowDefinition<Input> Definition { get; } = Definitions.Of<Input>("daily-totals", 1, Graph(), (json, input) =>
    {
        json.WritePropertyName("day");
        InputWriter.Write(json, input.Day);
    });

    public static Flow Define(Flow flow, Input input) => throw new NotSupportedException();

    public static DfNode Graph() =>
        (Df.Sql("SELECT count(*) AS count FROM users WHERE created_on = $input.day").As("users")
            & Df.Sql("SELECT count(*) AS count FROM orders WHERE created_on = $input.day").As("orders"))
        .Then("INSERT INTO daily_totals VALUES ($input.day, $users.count, $orders.count)");
}
