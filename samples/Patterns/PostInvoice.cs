using PgDurable;

namespace Patterns;

/// <summary>Checks one invoice against its order and posts it. <see cref="ProcessInvoices"/> runs this.</summary>
[Workflow("post-invoice")]
public sealed partial class PostInvoice : IWorkflow<PostInvoice.Input, PostInvoice.Posting>
{
    public sealed record Input(long InvoiceId);
    public sealed record Invoice(decimal Net, decimal TaxRate, decimal? Ordered);
    public sealed record Posting(long Id);

    public static Flow<Posting> Define(Flow flow, Input input) => flow
        .QuerySingle<Invoice>($"""
            SELECT i.net, i.tax_rate, o.net AS ordered
              FROM patterns.invoices i LEFT JOIN patterns.purchase_orders o ON o.id = i.purchase_order
             WHERE i.id = {input.InvoiceId}
            """, out var invoice)
        .If(!invoice.Ordered.HasValue, then: f => f.Fail($"invoice {input.InvoiceId} has no order", "INV01"))
        .If(invoice.Net > (invoice.Ordered ?? 0) * 1.02m,
            then: f => f.Fail($"invoice {input.InvoiceId} is more than 2 % above its order", "INV02"))
        .Execute($"UPDATE patterns.invoices SET status = 'posted' WHERE id = {input.InvoiceId}")
        .QuerySingle<Posting>($"""
            INSERT INTO patterns.postings (invoice_id, gross)
            VALUES ({input.InvoiceId}, {invoice.Net * (1 + invoice.TaxRate)}) RETURNING id
            """);
}
