using System.Globalization;
using System.Text.RegularExpressions;

namespace PgDurable.Graph;

/// <summary>How long a node waits.</summary>
/// <param name="Seconds">The seconds, if they are known.</param>
/// <param name="Reference">Otherwise the reference to them, such as <c>$input.delay</c>.</param>
internal readonly partial record struct WaitTime(double Seconds, string? Reference = null)
{
    /// <summary>Whether a text is one reference and nothing else, as <c>df._is_reference</c> sees it.</summary>
    public static bool IsReference(string? text) => text is not null && OneReference().IsMatch(text);

    /// <summary>What is wrong with the moment that a wait ends at; null if nothing is.</summary>
    public static string? MomentProblem(string? text) =>
        IsReference(text) || (text is not null && TryReadMoment(text, out _))
            ? null
            : "until must be a moment such as \"2026-12-24T18:00:00+01:00\", or a reference";

    /// <summary>Reads a date and time with an offset, as PostgreSQL and JSON write them.</summary>
    public static bool TryReadMoment(string text, out DateTimeOffset moment)
    {
        moment = default;
        return Moment().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
    }

    [GeneratedRegex(@"\A\$[A-Za-z_][A-Za-z0-9_]*(\.[^\s.$?*{}]+)?\??\z", RegexOptions.CultureInvariant)]
    private static partial Regex OneReference();

    [GeneratedRegex(
        @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[-+][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Moment();
}
