using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class BookTripTests
{
    [Fact]
    public async Task Trip_EverythingAvailable_IsBookedAtTheSumOfThePrices()
    {
        var result = await Trip()
            .Rows("car", new BookTrip.Booking(3, 90m))
            .CrashAfterEveryStep()
            .RunAsync();

        Assert.Equal(new BookTrip.Trip(Flight: 1, Hotel: 2, Car: 3, Price: 690.5m), result.ShouldComplete().Output);
        result.ShouldNotHaveRun("WITH cancelled");
    }

    [Fact]
    public async Task Trip_NoCarLeft_CancelsHotelAndThenFlight()
    {
        var result = await Trip()
            .FailStep("car", "23514", "no car left")
            .AnswerWrites()
            .RunAsync();

        result.ShouldFail("23514", "car");
        var undone = result.Executed.Where(step => step.Sql.StartsWith("WITH cancelled", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, undone.Count);
        Assert.Contains("'2'", undone[0].Sql);
        Assert.Contains("'1'", undone[1].Sql);
    }

    [Fact]
    public async Task Trip_ShortOutage_GoesOn()
    {
        var result = await Trip()
            .Rows("car", new BookTrip.Booking(3, 90m))
            .FailStep("hotel", "40001", attempts: 1)
            .RunAsync();

        result.ShouldComplete();
    }

    private static WorkflowTest<BookTrip.Trip> Trip() =>
        WorkflowTest.For<BookTrip, BookTrip.Input, BookTrip.Trip>(new("anna", "LH400", "ritz", "mini"))
            .Rows("flight", new BookTrip.Booking(1, 400.5m))
            .Rows("hotel", new BookTrip.Booking(2, 200m));
}
