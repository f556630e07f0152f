namespace PgDurable.Worker.Engine;

/// <summary>What a schedule does about ticks that passed while no worker ran.</summary>
internal enum CatchUp
{
    /// <summary>Nothing: it starts only a tick of the last minute.</summary>
    Skip,

    /// <summary>One start for all of them: the last tick's.</summary>
    One,

    /// <summary>One start for each, at most the last hundred.</summary>
    All,
}
