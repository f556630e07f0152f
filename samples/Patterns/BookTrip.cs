using PgDurable;

namespace Patterns;

/// <summary>Books a flight, a hotel and a car. If one of them is sold out, gives back what it has booked, the last first.</summary>
[Workflow("book-trip")]
public sealed partial class BookTrip : IWorkflow<BookTrip.Input, BookTrip.Trip>
{
    public sealed record Input(string Traveller, string Flight, string Hotel, string Car);
    public sealed record Booking(long Id, decimal Price);
    public sealed record Trip(long Flight, long Hotel, long Car, decimal Price);

    // A constraint refuses the offer that has nothing left.
    public static Flow<Trip> Define(Flow flow, Input input) => flow
        .QuerySingle<Booking>($"""
            WITH taken AS (UPDATE patterns.offers SET available = available - 1 WHERE code = {input.Flight} RETURNING code, price)
            INSERT INTO patterns.bookings (traveller, code, price) SELECT {input.Traveller}, code, price FROM taken RETURNING id, price
            """, out var flight)
        .Compensate(undo => undo.CancelBooking(flight.Id))
        .QuerySingle<Booking>($"""
            WITH taken AS (UPDATE patterns.offers SET available = available - 1 WHERE code = {input.Hotel} RETURNING code, price)
            INSERT INTO patterns.bookings (traveller, code, price) SELECT {input.Traveller}, code, price FROM taken RETURNING id, price
            """, out var hotel)
        .Compensate(undo => undo.CancelBooking(hotel.Id))
        .QuerySingle<Booking>($"""
            WITH taken AS (UPDATE patterns.offers SET available = available - 1 WHERE code = {input.Car} RETURNING code, price)
            INSERT INTO patterns.bookings (traveller, code, price) SELECT {input.Traveller}, code, price FROM taken RETURNING id, price
            """, out var car)
        .Compensate(undo => undo.CancelBooking(car.Id))
        .QuerySingle<Trip>($"""
            SELECT {flight.Id} AS flight, {hotel.Id} AS hotel, {car.Id} AS car, {flight.Price + hotel.Price + car.Price} AS price
            """);
}

internal static class Bookings
{
    /// <summary>Cancels a booking, and makes it available to others.</summary>
    [WorkflowFragment]
    public static Flow CancelBooking(this Flow flow, long booking) => flow.Execute($"""
        WITH cancelled AS (UPDATE patterns.bookings SET cancelled_at = now() WHERE id = {booking} RETURNING code)
        UPDATE patterns.offers o SET available = available + 1 FROM cancelled c WHERE o.code = c.code
        """);
}
