using PgDurable.Worker.Dispatch;

namespace PgDurable.Engine.Tests.Execution;

public sealed class DatabaseClockTests
{
    private static readonly DateTimeOffset Moment = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Now_WhenTheDatabaseIsABitBehind_DoesNotGoBack()
    {
        var clock = new DatabaseClock(new Stopped());
        clock.Set(Moment.AddMilliseconds(5));
        Assert.Equal(Moment.AddMilliseconds(5), clock.Now);

        clock.Set(Moment.AddMilliseconds(4));

        Assert.Equal(Moment.AddMilliseconds(5), clock.Now);
        clock.Set(Moment.AddMilliseconds(6));
        Assert.Equal(Moment.AddMilliseconds(6), clock.Now);
    }

    [Fact]
    public void Now_WhenTheDatabasesClockWasSetBack_Follows()
    {
        var clock = new DatabaseClock(new Stopped());
        clock.Set(Moment);
        Assert.Equal(Moment, clock.Now);

        clock.Set(Moment.AddHours(-1));

        Assert.Equal(Moment.AddHours(-1), clock.Now);
    }

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Moment;
    }
}
