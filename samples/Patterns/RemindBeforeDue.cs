using PgDurable;

namespace Patterns;

/// <summary>Reminds a customer before a bill is due, unless it is paid by then, and marks it as overdue afterwards.</summary>
[Workflow("remind-before-due")]
public sealed partial class RemindBeforeDue : IWorkflow<RemindBeforeDue.Input, RemindBeforeDue.End>
{
    public sealed record Input(long BillId, TimeSpan Notice);
    public sealed record Bill(string Email, DateTimeOffset DueAt);
    public sealed record End(string Status);

    public static Flow<End> Define(Flow flow, Input input) => flow
        .QuerySingle<Bill>($"SELECT email, due_at FROM patterns.bills WHERE id = {input.BillId}", out var bill)
        .SleepUntil(bill.DueAt - input.Notice)
        .Execute($"""
            INSERT INTO patterns.mails (recipient, subject)
            SELECT {bill.Email}, 'Your bill is due soon' FROM patterns.bills WHERE id = {input.BillId} AND paid_at IS NULL
            """)
        .SleepUntil(bill.DueAt)
        .QuerySingle<End>($"""
            UPDATE patterns.bills SET status = CASE WHEN paid_at IS NULL THEN 'overdue' ELSE 'paid' END
             WHERE id = {input.BillId} RETURNING status
            """);
}
