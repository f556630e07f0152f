using System.Globalization;
using System.Text;

namespace PgDurable.Testing;

/// <summary>The result of <see cref="WorkflowPaths"/>.</summary>
public sealed record PathReport
{
    /// <summary>The paths.</summary>
    public required IReadOnlyList<WorkflowPath> Paths { get; init; }

    /// <summary>Whether these are all paths. False if the search stopped at <see cref="PathOptions.MaxPaths"/>.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The number of nodes in the workflow.</summary>
    public required int Nodes { get; init; }

    /// <summary>The nodes that no path reaches, in the form <c>7 'name'</c>.</summary>
    public required IReadOnlyList<string> Uncovered { get; init; }

    /// <summary>The fraction of nodes that the paths reach, from 0 to 1.</summary>
    public double Coverage => (double)(Nodes - Uncovered.Count) / Nodes;

    /// <summary>The paths that end in an error that nothing handles, other than by a FAIL step.</summary>
    public IEnumerable<WorkflowPath> UnhandledErrors => Paths.Where(path => path.EndsInUnhandledError);

    /// <summary>
    /// The unhandled errors on paths where no step was made to fail, so the workflow itself causes the error. Usually the cause is a
    /// missing row or a NULL.
    /// </summary>
    public IEnumerable<WorkflowPath> Defects => UnhandledErrors.Where(path => !path.HasFailure);

    /// <summary>The paths as test cases for <c>[MemberData]</c>.</summary>
    public IEnumerable<object[]> Cases => Paths.Select(path => new object[] { path });

    /// <summary>Returns a readable report.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{Paths.Count} paths{(IsComplete ? "" : " (cut off: there are more, raise MaxPaths)")}, ");
        text.Append(CultureInfo.InvariantCulture, $"{Nodes - Uncovered.Count} of {Nodes} nodes reached\n");
        foreach (var node in Uncovered)
            text.Append(CultureInfo.InvariantCulture, $"never reached: {node}\n");
        foreach (var path in Paths)
            text.Append(path.EndsInUnhandledError ? "✗ " : "  ").Append(path).Append('\n');
        return text.ToString();
    }
}
