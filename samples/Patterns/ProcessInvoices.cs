using PgDurable;

namespace Patterns;

/// <summary>Processes a supplier's new invoices, each in a workflow of its own. One bad invoice doesn't stop the others.</summary>
[Workflow("process-invoices")]
public sealed partial class ProcessInvoices : IWorkflow<ProcessInvoices.Input, ProcessInvoices.Result>
{
    public sealed record Input(string Supplier);
    public sealed record Received(long Id);
    public sealed record Outcome(bool Posted);
    public sealed record Result(long Posted, long Rejected);

    public static Flow<Result> Define(Flow flow, Input input) => flow
        .Query<Received>($"SELECT id FROM patterns.invoices WHERE supplier = {input.Supplier} AND status = 'received' ORDER BY id",
            out var received)
        .ForEach(received, (f, invoice) => f.Try(
            body: g => g
                .Run(new PostInvoice(), new(invoice.Id), out var posting)
                .QuerySingle<Outcome>($"SELECT true AS posted FROM patterns.postings WHERE id = {posting.Id}"),
            onError: (g, error) => g.QuerySingle<Outcome>($"""
                UPDATE patterns.invoices SET status = 'rejected', problem = {error.Message}
                 WHERE id = {invoice.Id} RETURNING false AS posted
                """)), out var outcomes, maxParallel: 3)
        .QuerySingle<Result>($"""
            SELECT count(*) FILTER (WHERE posted) AS posted, count(*) FILTER (WHERE NOT posted) AS rejected FROM {outcomes}
            """);
}
