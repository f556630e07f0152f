namespace PgDurable;

/// <summary>The data that a workflow is registered with.</summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">The workflow's version.</param>
/// <param name="Graph">The graph as JSON.</param>
/// <param name="SqlText">The graph as a SQL expression.</param>
/// <param name="Description">Free text, or null for none.</param>
/// <param name="Sources">The file and line of each node, in pre-order. Empty if they are unknown.</param>
/// <param name="IsReleased">Whether the project's lock file has this version.</param>
internal sealed record Registrant(
    string Name, int Version, string Graph, string SqlText, string? Description, IReadOnlyList<string?> Sources,
    bool IsReleased = true)
{
    /// <summary>Sorts workflows by name and version. Every registration uses this order, so that concurrent ones can't deadlock.</summary>
    /// <exception cref="ArgumentException">Two different workflows have the same name and version.</exception>
    public static IReadOnlyList<Registrant> Sorted(IEnumerable<WorkflowDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return Sorted(definitions.Select(definition => new Registrant(
            definition.Name, definition.Version, definition.GraphJson, definition.SqlText, definition.Description, definition.Sources,
            definition.IsReleased)));
    }

    /// <inheritdoc cref="Sorted(IEnumerable{WorkflowDefinition})"/>
    public static IReadOnlyList<Registrant> Sorted(IEnumerable<Registrant> registrants)
    {
        var sorted = registrants.OrderBy(each => each.Name, StringComparer.Ordinal).ThenBy(each => each.Version).ToList();
        for (var i = sorted.Count - 1; i > 0; i--)
        {
            var (one, other) = (sorted[i - 1], sorted[i]);
            if (one.Name != other.Name || one.Version != other.Version)
                continue;
            if (one.Graph != other.Graph)
                throw new ArgumentException(
                    $"Two different workflows have the name '{one.Name}' and version {one.Version}.", nameof(registrants));
            sorted.RemoveAt(i);
        }

        return sorted;
    }
}
