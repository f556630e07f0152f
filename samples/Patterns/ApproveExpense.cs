using PgDurable;

namespace Patterns;

/// <summary>Asks the team lead, and if the lead doesn't answer in time, the manager. If nobody answers, the expense is rejected.</summary>
[Workflow("approve-expense")]
public sealed partial class ApproveExpense : IWorkflow<ApproveExpense.Input, ApproveExpense.Decision>
{
    public sealed record Input(long ExpenseId, TimeSpan Patience);
    public sealed record Expense(string Lead, string Manager, decimal Amount);
    public sealed record Answer(bool Approved, string By);
    public sealed record Decision(string Status, string? DecidedBy);

    public static Flow<Decision> Define(Flow flow, Input input) => flow
        .QuerySingle<Expense>($"SELECT lead, manager, amount FROM patterns.expenses WHERE id = {input.ExpenseId}", out var expense)
        .Execute($"INSERT INTO patterns.mails (recipient, subject) VALUES ({expense.Lead}, 'Please approve ' || {expense.Amount}::text)")
        .WaitForSignal<Answer>("answer", input.Patience, out var answer)
        .If(answer.TimedOut, then: late => late
            .Execute($"""
                INSERT INTO patterns.mails (recipient, subject)
                VALUES ({expense.Manager}, {expense.Lead} || ' has not answered: please approve ' || {expense.Amount}::text)
                """)
            .WaitForSignal<Answer>("answer", input.Patience, out answer))
        .If(answer.TimedOut,
            then: f => f.QuerySingle<Decision>($"""
                UPDATE patterns.expenses SET status = 'rejected' WHERE id = {input.ExpenseId} RETURNING status, decided_by
                """),
            otherwise: f => f.QuerySingle<Decision>($"""
                UPDATE patterns.expenses
                   SET status = CASE WHEN {answer.Data.Approved} THEN 'approved' ELSE 'rejected' END, decided_by = {answer.Data.By}
                 WHERE id = {input.ExpenseId}
                RETURNING status, decided_by
                """));
}
