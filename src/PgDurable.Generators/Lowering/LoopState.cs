namespace PgDurable.Generators.Lowering;

/// <summary>What the body of a loop contains.</summary>
internal sealed class LoopState
{
    /// <summary>Whether there is a BREAK or a FAIL.</summary>
    public bool Ends { get; set; }

    /// <summary>Whether there is a BREAK.</summary>
    public bool Breaks { get; set; }

    /// <summary>The variables from outside that steps assign.</summary>
    public HashSet<Variable> Assigned { get; } = [];

    /// <summary>Whether something waits.</summary>
    public bool Waits { get; set; }
}
