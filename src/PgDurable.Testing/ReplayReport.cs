namespace PgDurable.Testing;

/// <summary>Whether a definition still follows a recorded history.</summary>
/// <param name="Compatible">It asks for the same steps in the same order, and comes to the same end.</param>
/// <param name="Explanation">At which node it does not, and why; for a definition that does, how much was compared.</param>
/// <param name="Node">The number of the node in the recorded graph where the ways part, from 0; null when they don't.</param>
public sealed record ReplayReport(bool Compatible, string Explanation, int? Node = null)
{
    /// <summary>The explanation.</summary>
    public override string ToString() => Explanation;
}
