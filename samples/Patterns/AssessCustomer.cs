using PgDurable;

namespace Patterns;

/// <summary>Asks three sources about a customer at the same time, and decides on a credit limit when all have answered.</summary>
[Workflow("assess-customer")]
public sealed partial class AssessCustomer : IWorkflow<AssessCustomer.Input>
{
    public sealed record Input(long CustomerId, string CreditBureau);
    public sealed record Orders(long Count, decimal Total);
    public sealed record Claims(long Unpaid);
    public sealed record Score(int Points);
    public sealed record Terms(decimal CreditLimit);

    public static Flow Define(Flow flow, Input input) => flow
        .Parallel(
            a => a.QuerySingle<Orders>($"""
                SELECT count(*) AS count, coalesce(sum(total), 0) AS total FROM patterns.orders WHERE customer_id = {input.CustomerId}
                """),
            b => b.QuerySingle<Claims>($"""
                SELECT count(*) AS unpaid FROM patterns.claims WHERE customer_id = {input.CustomerId} AND paid_at IS NULL
                """),
            // A bureau that doesn't answer costs points, and doesn't stop anybody.
            c => c.Try(
                body: f => f.HttpGet<Score>($"{input.CreditBureau}/scores/{input.CustomerId}", out var reply, retry: new Retry(3))
                    .QuerySingle<Score>($"SELECT {reply.Json.Points} AS points"),
                onError: (f, _) => f.QuerySingle<Score>("SELECT 0 AS points")),
            out var orders, out var claims, out var score)
        .QuerySingle<Terms>($"SELECT {(claims.Unpaid > 0 ? 0m : orders.Total * 0.5m + score.Points * 10)} AS credit_limit", out var terms)
        .Execute($"INSERT INTO patterns.assessments (customer_id, credit_limit) VALUES ({input.CustomerId}, {terms.CreditLimit})");
}
