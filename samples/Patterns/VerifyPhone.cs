using PgDurable;

namespace Patterns;

/// <summary>Sends a code to a phone and compares what its owner enters. The code expires, and so do the attempts.</summary>
[Workflow("verify-phone")]
public sealed partial class VerifyPhone : IWorkflow<VerifyPhone.Input, VerifyPhone.Verdict>
{
    public sealed record Input(string Phone, string SmsApi, int MaxAttempts, TimeSpan ValidFor);
    public sealed record Verification(long Id, string Code, DateTimeOffset ExpiresAt);
    public sealed record Entry(string Code);
    public sealed record Verdict(string Status, int Attempts);

    public static Flow<Verdict> Define(Flow flow, Input input) => flow
        .QuerySingle<Verification>($"""
            INSERT INTO patterns.verifications (phone, code, expires_at)
            VALUES ({input.Phone}, lpad(floor(random() * 1000000)::text, 6, '0'), now() + {input.ValidFor})
            RETURNING id, code, expires_at
            """, out var verification)
        .HttpPost($"{input.SmsApi}/messages", json: new { to = input.Phone, text = $"Your code is {verification.Code}" },
            retry: new Retry(3))
        .Forever<string>(round => round
            // What is left of the time, not all of it again after each attempt.
            .QuerySingle<TimeSpan>($"SELECT greatest({verification.ExpiresAt} - now(), interval '0')", out var left)
            .WaitForSignal<Entry>("entry", left, out var entry)
            .If(entry.TimedOut, then: f => f.Break("expired"))
            .QuerySingle<int>($"UPDATE patterns.verifications SET attempts = attempts + 1 WHERE id = {verification.Id} RETURNING attempts",
                out var attempts)
            .If(entry.Data.Code == verification.Code, then: f => f.Break("verified"))
            .If(attempts >= input.MaxAttempts, then: f => f.Break("blocked")), out var status)
        .QuerySingle<Verdict>($"""
            UPDATE patterns.verifications SET status = {status} WHERE id = {verification.Id} RETURNING status, attempts
            """);
}
