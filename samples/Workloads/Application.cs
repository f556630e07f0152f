// How an application registers, starts and watches workflows. `OrderApproval.Definition`, `.StartAsync` and `.SignalApprovalAsync` are
// generated into the partial class, in its namespace.
using Npgsql;
using PgDurable;

namespace Samples;

/// <summary>Approves one order.</summary>
public static class Application
{
    /// <summary>Does it, in a database that has the tables <c>orders</c>, <c>users</c> and <c>totals</c> and a worker.</summary>
    public static async Task RunAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        var durable = new DurableClient(dataSource);

        // Migration time: idempotent, immutable versions, everything that the compilation declares.
        await using (var connection = await dataSource.OpenConnectionAsync(ct))
            await PgDurableRegistration.RegisterAsync(connection, PgDurableWorkflows.All, ct: ct);

        // Start together with the business write, in one transaction; the key makes a retried request harmless.
        await using var connection2 = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection2.BeginTransactionAsync(ct);
        await using var insert =
            new NpgsqlCommand("INSERT INTO orders(order_id, total, status) VALUES (1, 99.5, 'new')", connection2, transaction);
        await insert.ExecuteNonQueryAsync(ct);
        var run = await OrderApproval.StartAsync(durable.In(transaction), new(OrderId: 1), new() { IdempotencyKey = "order-1" }, ct);
        await transaction.CommitAsync(ct);

        await OrderApproval.SignalApprovalAsync(durable, run.InstanceId, new(Approved: true, Approver: "jane"), ct);
        OrderApproval.Decision decision = await run.ResultAsync(ct: ct);
        Console.WriteLine($"{decision.Status}\n{await run.ExplainAsync(ct)}");

        // The dynamic algebra, for graphs that are only known at run time.
        await durable.StartAsync(
            (Df.Sql("SELECT count(*) FROM users").As("u") & Df.Sql("SELECT count(*) FROM orders").As("o"))
                .Then("INSERT INTO totals VALUES ($u, $o)"), label: "totals", ct);
    }
}
