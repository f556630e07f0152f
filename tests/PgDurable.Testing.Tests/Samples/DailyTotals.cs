namespace PgDurable.Testing.Tests.Samples;

/// <summary>Fan-out aggregation: independent queries side by side, then one write.</summary>
[Workflow("daily-totals")]
public sealed partial class DailyTotals : IWorkflow<DailyTotals.Input>
{
    public sealed record Input(DateOnly Day);
    public sealed record Total(long Count);

    public static Flow Define(Flow flow, Input input) => flow
        .Parallel(
            a => a.QuerySingle<Total>($"SELECT count(*) AS count FROM users WHERE created_on = {input.Day}"),
            b => b.QuerySingle<Total>($"SELECT count(*) AS count FROM orders WHERE created_on = {input.Day}"),
            out var users, out var orders)
        .Execute($"INSERT INTO daily_totals VALUES ({input.Day}, {users.Count}, {orders.Count})");
}
