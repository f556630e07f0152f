using System.Globalization;
using System.Text;

namespace PgDurable.Testing;

/// <summary>What <see cref="WorkflowPaths"/> has found.</summary>
public sealed record PathReport
{
    /// <summary>The paths.</summary>
    public required IReadOnlyList<WorkflowPath> Paths { get; init; }

    /// <summary>Whether these are all; false when <see cref="PathOptions.MaxPaths"/> has cut the search off.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>How many nodes the workflow has.</summary>
    public required int Nodes { get; init; }

    /// <summary>The nodes that no path reaches, as <c>7 'name'</c>.</summary>
    public required IReadOnlyList<string> Uncovered { get; init; }

    /// <summary>The share of the nodes that some path reaches, from 0 to 1.</summary>
    public double Coverage => (double)(Nodes - Uncovered.Count) / Nodes;

    /// <summary>The paths that end in an error that nothing handles, and that no FAIL has asked for.</summary>
    public IEnumerable<WorkflowPath> UnhandledErrors => Paths.Where(path => path.EndsInUnhandledError);

    /// <summary>
    /// Those of them on which no step was made to fail: the workflow does it all by itself. Mostly a row that may not be there, or a NULL.
    /// </summary>
    public IEnumerable<WorkflowPath> Defects => UnhandledErrors.Where(path => !path.HasFailure);

    /// <summary>The paths as the data of a theory: <c>[MemberData]</c> takes them.</summary>
    public IEnumerable<object[]> Cases => Paths.Select(path => new object[] { path });

    /// <summary>The report, for people to read.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{Paths.Count} paths{(IsComplete ? "" : " (cut off: there are more; raise MaxPaths)")}, {Nodes - Uncovered.Count} of {Nodes} nodes reached\n");
        foreach (var node in Uncovered)
            text.Append(CultureInfo.InvariantCulture, $"never reached: {node}\n");
        foreach (var path in Paths)
            text.Append(path.EndsInUnhandledError ? "✗ " : "  ").Append(path).Append('\n');
        return text.ToString();
    }
}
