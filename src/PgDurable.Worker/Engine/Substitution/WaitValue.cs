using System.Globalization;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>The time of a wait, if a result or the input has it.</summary>
internal static class WaitValue
{
    /// <summary>A duration in seconds.</summary>
    /// <exception cref="SubstitutionException">The value is no duration, or NULL.</exception>
    public static double Seconds(string reference, IReadOnlyDictionary<string, StepResult> names) =>
        SecondsOrNull(reference, names)
            ?? throw new SubstitutionException($"{reference} is NULL, which is not a duration", "Use coalesce().");

    /// <summary>A duration in seconds; null if the reference allows NULL and that is its value.</summary>
    /// <exception cref="SubstitutionException">The value is no duration.</exception>
    public static double? SecondsOrNull(string reference, IReadOnlyDictionary<string, StepResult> names)
    {
        var value = ValueOf(reference, names);
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return null;
        var seconds = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String when double.TryParse(
                value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            JsonValueKind.String when Generated.IntervalText.TryParse(value.GetString()!, out var interval) => interval.TotalSeconds,
            _ => throw new SubstitutionException(
                $"{reference} is {Shown(value)}, which is not a duration", "Use a number of seconds, or an interval without months."),
        };
        return seconds >= 0
            ? seconds
            : throw new SubstitutionException($"{reference} is {Shown(value)}, but a wait can't be negative", "Use greatest(…, 0).");
    }

    /// <summary>A moment.</summary>
    /// <exception cref="SubstitutionException">The value is none.</exception>
    public static DateTimeOffset Moment(string text, IReadOnlyDictionary<string, StepResult> names)
    {
        if (WaitTime.TryReadMoment(text, out var moment))
            return moment;
        var value = ValueOf(text, names);
        return value.ValueKind == JsonValueKind.String && WaitTime.TryReadMoment(value.GetString()!, out moment)
            ? moment
            : throw new SubstitutionException(
                $"{text} is {Shown(value)}, which is not a moment", "Use a timestamptz: a date and a time with a time zone.");
    }

    private static JsonElement ValueOf(string reference, IReadOnlyDictionary<string, StepResult> names) =>
        RawSubstitution.TryWhole(reference, names, out var found)
            ? RawSubstitution.Value(found)
            : throw new SubstitutionException($"no result is named {reference.TrimStart('$')}", "Bind the name in a step before this one.");

    // Enough to recognise it.
    private static string Shown(JsonElement value)
    {
        var json = value.ValueKind == JsonValueKind.Undefined ? "NULL" : value.GetRawText();
        return json.Length > 60 ? json[..60] + "…" : json;
    }
}
