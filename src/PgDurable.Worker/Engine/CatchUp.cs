namespace PgDurable.Worker.Engine;

/// <summary>What a schedule does about ticks that passed while nobody looked.</summary>
internal enum CatchUp
{
    /// <summary>Nothing: only a tick of the last minute is on time.</summary>
    Skip,

    /// <summary>One start for all of them: that of the last one.</summary>
    One,

    /// <summary>A start for each, the last hundred at most.</summary>
    All,
}
