using System.Globalization;
using System.Text.Json;

namespace PgDurable.Generated;

public readonly partial struct ResultValue
{
    private string? Text => _json.ValueKind == JsonValueKind.String ? _json.GetString() : null;

    /// <summary>
    /// Reads a timestamp. Its kind is UTC if it has a time zone, otherwise unspecified. Infinity becomes the maximum or minimum value.
    /// </summary>
    /// <returns>The value.</returns>
    public DateTime DateTime() => Text switch
    {
        "infinity" => System.DateTime.MaxValue,
        "-infinity" => System.DateTime.MinValue,
        { } text when System.DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out var value) => value,
        _ => throw Unexpected("a timestamp"),
    };

    /// <summary>Reads a timestamp. Without a time zone, it is assumed to be UTC. Infinity becomes the maximum or minimum value.</summary>
    /// <returns>The value.</returns>
    public DateTimeOffset DateTimeOffset() => Text switch
    {
        "infinity" => System.DateTimeOffset.MaxValue,
        "-infinity" => System.DateTimeOffset.MinValue,
        { } text when System.DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) => value,
        _ => throw Unexpected("a timestamp"),
    };

    /// <summary>Reads a date. Infinity becomes the maximum or minimum value.</summary>
    /// <returns>The value.</returns>
    public DateOnly DateOnly() => Text switch
    {
        "infinity" => System.DateOnly.MaxValue,
        "-infinity" => System.DateOnly.MinValue,
        _ => Parsed<DateOnly>("a date"),
    };

    /// <summary>Reads a time of day.</summary>
    /// <returns>The value.</returns>
    public TimeOnly TimeOnly() => Parsed<TimeOnly>("a time of day");

    /// <summary>Reads an interval of days and time. Throws if it has months or years, because these have no fixed length.</summary>
    /// <returns>The value.</returns>
    public TimeSpan TimeSpan() =>
        Text is { } text && IntervalText.TryParse(text, out var value) ? value : throw Unexpected("an interval of days and time");
}
