namespace PgDurable.Testing;

/// <summary>The result of checking a definition against a recorded history.</summary>
/// <param name="Compatible">Whether the definition runs the same steps in the same order and ends in the same way.</param>
/// <param name="Explanation">The node where it differs, and why. For a compatible definition, how many steps were compared.</param>
/// <param name="Node">The number of the node in the recorded graph where they diverge, starting at 0, or null if they don't.</param>
public sealed record ReplayReport(bool Compatible, string Explanation, int? Node = null)
{
    /// <summary>Returns the explanation.</summary>
    public override string ToString() => Explanation;
}
