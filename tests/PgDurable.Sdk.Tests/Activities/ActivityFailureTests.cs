using Npgsql;

namespace PgDurable.Sdk.Tests.Activities;

public class ActivityFailureTests
{
    [Fact]
    public void Of_ActivityException_IsTakenAsItIs() => Assert.Equal(
        new ActivityFailure("closed", "ZX001", false), ActivityFailure.Of(new ActivityException("closed", "ZX001", false)));

    [Fact]
    public void Of_AnyException_HasItsTypeAndMessage() => Assert.Equal(
        new ActivityFailure("System.TimeoutException: too slow", "DF022", true), ActivityFailure.Of(new TimeoutException("too slow")));

    [Theory]
    [InlineData("23505", false)]
    [InlineData("22012", false)]
    [InlineData("40001", true)]
    [InlineData("40P01", true)]
    [InlineData("08006", true)]
    [InlineData("53300", true)]
    [InlineData("57P01", true)]
    [InlineData("55P03", true)]
    public void Of_PostgresException_IsRetryableIfTransient(string sqlState, bool isRetryable)
    {
        var error = new PostgresException("no", "ERROR", "ERROR", sqlState);
        Assert.Equal(new ActivityFailure("no", sqlState, isRetryable), ActivityFailure.Of(error));
        Assert.Equal(
            new ActivityFailure("no", sqlState, isRetryable), ActivityFailure.Of(new InvalidOperationException("see inner", error)));
    }

    [Fact]
    public async Task Of_InputThatDoesNotFit_NamesActivityAndMember()
    {
        var run = TestActivities.Named("count-it").Run;
        var services = new Services(new TestActivities.Nothing());
        var exception = await Assert.ThrowsAsync<ActivityInputException>(() => run(services, "{}", null, null!, default));
        var failure = ActivityFailure.Of(exception);
        Assert.StartsWith("The input of activity 'count-it' can't be read: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(("22023", false), (failure.SqlState, failure.IsRetryable));
    }

    [Theory]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("a\U0001F600b", "a\U0001F600b")]
    public void Of_CharactersThatATextCannotStore_AreReplaced(string message, string expected) =>
        Assert.Equal(expected, ActivityFailure.Of(new ActivityException(message)).Message);

    // Not in the list above, because half a surrogate pair doesn't survive in an attribute.
    [Fact]
    public void Of_HalfASurrogatePair_IsReplaced() =>
        Assert.Equal("a\uFFFDb", ActivityFailure.Of(new ActivityException("a\uD83Db")).Message);

    [Fact]
    public void Of_LongMessage_IsCut()
    {
        var message = new string('x', 9_999) + "\U0001F600" + new string('y', 20_000);
        Assert.Equal(new string('x', 9_999) + '\uFFFD', ActivityFailure.Of(new ActivityException(message)).Message);
    }

    [Fact]
    public void InAscii_ReplacesTheRest() =>
        Assert.Equal("caf? ok", ActivityFailure.Of(new ActivityException("café ok")).InAscii().Message);

    [Fact]
    public void TimeLeft_OfATask_IsCountedByTheDatabasesClock()
    {
        var claimed = new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var task = TestActivities.Run("a").Task with { LeaseUntil = claimed.AddSeconds(30), Deadline = claimed.AddSeconds(90) };
        Assert.Equal(TimeSpan.FromSeconds(90), task.TimeLeft(TimeSpan.FromSeconds(30)));
        Assert.Null((task with { Deadline = null }).TimeLeft(TimeSpan.FromSeconds(30)));
    }

    private sealed class Services(object service) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == service.GetType() ? service : null;
    }
}
