namespace PgDurable.Generators.Model;

/// <summary>The settings of a LOOP.</summary>
/// <param name="MinIntervalMs">Its pace in milliseconds; null for the server's default.</param>
/// <param name="ContinueOnFailure">Whether a failed step ends only its iteration.</param>
internal readonly record struct LoopSettings(int? MinIntervalMs, bool ContinueOnFailure);
