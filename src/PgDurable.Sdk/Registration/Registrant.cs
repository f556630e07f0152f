namespace PgDurable;

/// <summary>What is registered of a workflow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Graph">The graph's JSON.</param>
/// <param name="SqlText">The same as a SQL expression.</param>
/// <param name="Description">Free text; null for none.</param>
/// <param name="Sources">File and line of each node, in pre-order; empty when they are not known.</param>
internal sealed record Registrant(string Name, int Version, string Graph, string SqlText, string? Description, IReadOnlyList<string?> Sources)
{
    /// <summary>In one order for everybody, so that two registrations can't wait for each other.</summary>
    /// <exception cref="ArgumentException">Two graphs for one version of a name.</exception>
    public static IReadOnlyList<Registrant> Sorted(IEnumerable<WorkflowDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return Sorted(definitions.Select(definition => new Registrant(
            definition.Name, definition.Version, definition.GraphJson, definition.SqlText, definition.Description, definition.Sources)));
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
                throw new ArgumentException($"There are two different workflows '{one.Name}' version {one.Version}.", nameof(registrants));
            sorted.RemoveAt(i);
        }

        return sorted;
    }
}
