using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class RemindBeforeDueTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Bill_DueInTenDays_RemindsThreeDaysBefore()
    {
        var result = await Bill(Start.AddDays(10)).RunAsync();

        Assert.Equal("overdue", result.ShouldComplete().Output.Status);
        Assert.Equal(TimeSpan.FromDays(7), result.Executed.Single(step => step.Sql.Contains("mails", StringComparison.Ordinal)).At);
        Assert.Equal(TimeSpan.FromDays(10), result.Elapsed);
    }

    [Fact]
    public async Task Bill_DueTomorrow_RemindsAtOnce()
    {
        var result = await Bill(Start.AddDays(1)).RunAsync();

        Assert.Equal(TimeSpan.Zero, result.Executed.Single(step => step.Sql.Contains("mails", StringComparison.Ordinal)).At);
        Assert.Equal(TimeSpan.FromDays(1), result.Elapsed);
    }

    private static WorkflowTest<RemindBeforeDue.End> Bill(DateTimeOffset dueAt) =>
        WorkflowTest.For<RemindBeforeDue, RemindBeforeDue.Input, RemindBeforeDue.End>(new(BillId: 1, Notice: TimeSpan.FromDays(3)))
            .StartAt(Start)
            .Rows("bill", new RemindBeforeDue.Bill("anna@example.com", dueAt))
            .AnswerWrites()
            .Rows("UPDATE patterns.bills", new RemindBeforeDue.End("overdue"));
}
