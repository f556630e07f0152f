using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class VerifyPhoneTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Code_RightAtTheSecondAttempt_IsVerified()
    {
        var result = await Phone()
            .SignalAfter(TimeSpan.FromMinutes(1), "entry", new VerifyPhone.Entry("000000"))
            .SignalAfter(TimeSpan.FromMinutes(2), "entry", new VerifyPhone.Entry("123456"))
            .RunAsync();

        Assert.Equal("verified", result.ShouldComplete().Output.Status);
        Assert.Equal(TimeSpan.FromMinutes(2), result.Elapsed);
    }

    [Fact]
    public async Task Code_WrongThreeTimes_IsBlocked()
    {
        var test = Phone();
        for (var minute = 1; minute <= 3; minute++)
            test = test.SignalAfter(TimeSpan.FromMinutes(minute), "entry", new VerifyPhone.Entry("000000"));

        Assert.Equal("blocked", (await test.RunAsync()).ShouldComplete().Output.Status);
    }

    [Fact]
    public async Task Code_WrongOnceAndThenNothing_ExpiresTenMinutesAfterTheStart()
    {
        var result = await Phone()
            .SignalAfter(TimeSpan.FromMinutes(4), "entry", new VerifyPhone.Entry("000000"))
            .RunAsync();

        Assert.Equal("expired", result.ShouldComplete().Output.Status);
        Assert.Equal(TimeSpan.FromMinutes(10), result.Elapsed);
    }

    private static WorkflowTest<VerifyPhone.Verdict> Phone()
    {
        var validFor = TimeSpan.FromMinutes(10);
        var attempts = 0;
        return WorkflowTest.For<VerifyPhone, VerifyPhone.Input, VerifyPhone.Verdict>(
                new("+33 1 23", "https://sms.example.com", MaxAttempts: 3, validFor))
            .StartAt(Start)
            .Rows("verification", new VerifyPhone.Verification(1, "123456", Start + validFor))
            .Http(request => request.Json.GetProperty("text").GetString() == "Your code is 123456" ? HttpReply.Status(202) : null)
            .Rows("left", step => validFor - step.At)
            .Rows("attempts", _ => ++attempts)
            .Rows("UPDATE patterns.verifications SET status", step => new VerifyPhone.Verdict(
                new[] { "verified", "expired", "blocked" }.Single(status => step.Sql.Contains($"'{status}'", StringComparison.Ordinal)),
                attempts));
    }
}
