namespace PgDurable.Generators.Lowering;

/// <summary>What was seen in the body of a loop.</summary>
internal sealed class LoopState
{
    /// <summary>Whether there is a BREAK or a FAIL.</summary>
    public bool Ends { get; set; }

    /// <summary>Whether there is a BREAK.</summary>
    public bool Breaks { get; set; }

    /// <summary>Whether something is waited for.</summary>
    public bool Waits { get; set; }
}
