using Microsoft.EntityFrameworkCore;
using Npgsql;
using PgDurable;
using Shop.Data;

namespace Shop.Orders;

/// <summary>Writes the invoice with Entity Framework. The invoice and the step's completion are one transaction.</summary>
[Activity("write-invoice")]
public sealed partial class WriteInvoice(ShopContext db) : ITransactionalActivity<WriteInvoice.Input>
{
    public sealed record Input(long OrderId, decimal Amount, string Charge);

    public async Task RunAsync(Input input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct)
    {
        await db.EnlistAsync(transaction, ct);
        db.Invoices.Add(new() { OrderId = input.OrderId, Amount = input.Amount, Charge = input.Charge });
        await db.SaveChangesAsync(ct);
    }
}
