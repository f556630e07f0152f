using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class ProcessInvoicesTests
{
    [Fact]
    public async Task Invoices_OneIsTooHigh_PostsTheOthers()
    {
        var result = await WorkflowTest.For<ProcessInvoices, ProcessInvoices.Input, ProcessInvoices.Result>(new("acme"))
            .Rows("received", new ProcessInvoices.Received(1), new ProcessInvoices.Received(2), new ProcessInvoices.Received(3))
            .Child(PostInvoice.Definition, child => child
                .Rows("invoice", step => new PostInvoice.Invoice(
                    Net: step.Sql.Contains("i.id = 2", StringComparison.Ordinal) ? 150m : 100m, TaxRate: 0.19m, Ordered: 100m))
                .AnswerWrites()
                .Rows("INSERT INTO patterns.postings", new PostInvoice.Posting(9)))
            .Rows("SELECT true AS posted", new ProcessInvoices.Outcome(true))
            .Rows("UPDATE patterns.invoices", new ProcessInvoices.Outcome(false))
            .Rows("SELECT count(*) FILTER", new ProcessInvoices.Result(2, 1))
            .RunAsync();

        Assert.Equal(new(Posted: 2, Rejected: 1), result.ShouldComplete().Output);
        var rejected = Assert.Single(result.Executed, step => step.Sql.Contains("status = 'rejected'", StringComparison.Ordinal));
        Assert.Contains("invoice 2 is more than 2 % above its order", rejected.Sql);
    }

    [Theory]
    [InlineData(102.0, null)]
    [InlineData(102.5, "INV02")]
    public async Task Invoice_ComparedWithItsOrder_IsPostedOrFails(double net, string? problem)
    {
        var result = await Invoice(new((decimal)net, 0.19m, Ordered: 100m)).RunAsync();

        if (problem is null)
            result.ShouldComplete().ShouldHaveRun("INSERT INTO patterns.postings");
        else
            result.ShouldFail(problem).ShouldNotHaveRun("UPDATE patterns.invoices");
    }

    [Fact]
    public async Task Invoice_WithoutAnOrder_Fails() => (await Invoice(new(1m, 0.19m, Ordered: null)).RunAsync()).ShouldFail("INV01");

    private static WorkflowTest<PostInvoice.Posting> Invoice(PostInvoice.Invoice invoice) =>
        WorkflowTest.For<PostInvoice, PostInvoice.Input, PostInvoice.Posting>(new(InvoiceId: 5))
            .Rows("invoice", invoice)
            .AnswerWrites()
            .Rows("INSERT INTO patterns.postings", new PostInvoice.Posting(9));
}
