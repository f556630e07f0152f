namespace PgDurable;

/// <summary>How an activity's code ended, for telemetry.</summary>
/// <param name="Outcome">One of the outcomes of <see cref="ActivityTelemetry"/>.</param>
/// <param name="ErrorType">The SQLSTATE of a failure, or null.</param>
internal readonly record struct RunEnd(string Outcome, string? ErrorType = null);
