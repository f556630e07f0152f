
namespace PgDurable.Worker.Store;

public sealed class DatabaseClockTests
{
    private static readonly DateTimeOffset Moment = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Now_WhenTheDatabaseIsABitBehind_DoesNotGoBack()
    {
        var clock = new DatabaseClock(new Stopped());
        clock.Set(Moment.AddMilliseconds(5), Moment);
        Assert.Equal(Moment.AddMilliseconds(5), clock.Now);

        clock.Set(Moment.AddMilliseconds(4), Moment);

        Assert.Equal(Moment.AddMilliseconds(5), clock.Now);
        clock.Set(Moment.AddMilliseconds(6), Moment);
        Assert.Equal(Moment.AddMilliseconds(6), clock.Now);
    }

    [Fact]
    public void Now_WhenTheDatabasesClockWasSetBack_Follows()
    {
        var clock = new DatabaseClock(new Stopped());
        clock.Set(Moment, Moment);
        Assert.Equal(Moment, clock.Now);

        clock.Set(Moment.AddHours(-1), Moment);

        Assert.Equal(Moment.AddHours(-1), clock.Now);
    }

    [Fact]
    public void Now_AfterASlowAnswer_IsNotBehindTheDatabase()
    {
        var time = new Stopped();
        var clock = new DatabaseClock(time);
        var asked = clock.Local;
        time.Now += TimeSpan.FromMilliseconds(80); // a slow answer: nobody knows where the time went
        clock.Set(Moment.AddSeconds(1), asked);
        Assert.Equal(Moment.AddSeconds(1).AddMilliseconds(80), clock.Now);

        time.Now += TimeSpan.FromSeconds(5);
        clock.Set(Moment.AddSeconds(6).AddMilliseconds(30), clock.Local); // a fast answer: now it is known
        time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(Moment.AddSeconds(7).AddMilliseconds(30), clock.Now);

        asked = clock.Local;
        time.Now += TimeSpan.FromMilliseconds(80);
        clock.Set(Moment.AddSeconds(7).AddMilliseconds(70), asked); // a slow answer adds nothing
        Assert.Equal(Moment.AddSeconds(7).AddMilliseconds(110), clock.Now);
    }

    private sealed class Stopped : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Moment;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
