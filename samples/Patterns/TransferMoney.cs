using PgDurable;

namespace Patterns;

/// <summary>Takes money from an account and pays it into an account at another bank. If that bank doesn't take it, it comes back.</summary>
[Workflow("transfer-money")]
public sealed partial class TransferMoney : IWorkflow<TransferMoney.Input, TransferMoney.Receipt>
{
    public sealed record Input(string FromAccount, string ToBank, string ToAccount, decimal Amount, TimeSpan RetryDelay);
    public sealed record Transfer(long Id);
    public sealed record Deposit(string Reference);
    public sealed record Receipt(long Id, string Reference);

    // A constraint refuses an overdraft. The other bank gets the same Idempotency-Key with each attempt, so it pays in once.
    public static Flow<Receipt> Define(Flow flow, Input input) => flow
        .QuerySingle<Transfer>($"""
            WITH withdrawn AS (
                UPDATE patterns.accounts SET balance = balance - {input.Amount} WHERE account = {input.FromAccount} RETURNING account)
            INSERT INTO patterns.transfers (account, amount) SELECT account, {input.Amount} FROM withdrawn RETURNING id
            """, out var transfer, retry: new Retry(3))
        .Compensate(undo => undo.Execute($"""
            WITH refunded AS (
                UPDATE patterns.transfers SET status = 'refunded' WHERE id = {transfer.Id} RETURNING account, amount)
            UPDATE patterns.accounts a SET balance = a.balance + r.amount FROM refunded r WHERE a.account = r.account
            """))
        .HttpPost<Deposit>($"{input.ToBank}/deposits", json: new { account = input.ToAccount, amount = input.Amount }, out var deposit,
            retry: new Retry(4) { Delay = input.RetryDelay, MaxDelay = TimeSpan.FromHours(1) }, timeout: TimeSpan.FromSeconds(20))
        .If(!deposit.Ok, then: f => f.Fail($"the bank of {input.ToAccount} refused the deposit with status {deposit.Status}", "BANK1"))
        .QuerySingle<Receipt>($"""
            UPDATE patterns.transfers SET status = 'completed', reference = {deposit.Json.Reference}
             WHERE id = {transfer.Id} RETURNING id, reference
            """);
}
