namespace PgDurable.Generators.Model;

/// <summary>How a loop goes round.</summary>
/// <param name="MinIntervalMs">Its pace in milliseconds; null is the server's.</param>
/// <param name="ContinueOnFailure">Whether a step that fails ends its iteration only.</param>
internal readonly record struct LoopSettings(int? MinIntervalMs, bool ContinueOnFailure);
