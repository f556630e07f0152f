using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class ApproveExpenseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    [Fact]
    public async Task Expense_LeadAnswers_DoesNotBotherTheManager()
    {
        var result = await Expense()
            .SignalAfter(TimeSpan.FromHours(3), "answer", new ApproveExpense.Answer(true, "lea"))
            .RunAsync();

        Assert.Equal(new("approved", "lea"), result.ShouldComplete().Output);
        Assert.Equal(TimeSpan.FromHours(3), result.Elapsed);
        Assert.Equal(["lea"], Recipients(result));
    }

    [Fact]
    public async Task Expense_LeadIsSilent_AsksTheManager()
    {
        var result = await Expense()
            .SignalAfter(TimeSpan.FromDays(3), "answer", new ApproveExpense.Answer(false, "max"))
            .RunAsync();

        Assert.Equal(new("rejected", "max"), result.ShouldComplete().Output);
        Assert.Equal(["lea", "max"], Recipients(result));
    }

    [Fact]
    public async Task Expense_BothAreSilent_IsRejected()
    {
        var result = await Expense().RunAsync();

        Assert.Equal(new("rejected", null), result.ShouldComplete().Output);
        Assert.Equal(2 * Patience, result.Elapsed);
    }

    private static WorkflowTest<ApproveExpense.Decision> Expense() =>
        WorkflowTest.For<ApproveExpense, ApproveExpense.Input, ApproveExpense.Decision>(new(ExpenseId: 1, Patience))
            .Rows("expense", new ApproveExpense.Expense("lea", "max", 99m))
            .AnswerWrites()
            .Rows("UPDATE patterns.expenses", step =>
                step.Sql.Contains("\"lea\"", StringComparison.Ordinal) ? new ApproveExpense.Decision("approved", "lea")
                : step.Sql.Contains("\"max\"", StringComparison.Ordinal) ? new ApproveExpense.Decision("rejected", "max")
                : new ApproveExpense.Decision("rejected", null));

    private static IEnumerable<string> Recipients(WorkflowTestResult<ApproveExpense.Decision> result) =>
        from step in result.Executed
        where step.Sql.StartsWith("INSERT INTO patterns.mails", StringComparison.Ordinal)
        select step.Sql.Contains("VALUES ('max'", StringComparison.Ordinal) ? "max" : "lea";
}
