using System.Security.Cryptography;
using System.Text;
using PgDurable.Graph;

namespace PgDurable;

/// <summary>What a workflow is: its name, its version and its graph. Made by the generator.</summary>
public abstract class WorkflowDefinition
{
    private protected WorkflowDefinition(
        string name, int version, string graphJson, string sqlText, string? description, IReadOnlyList<string?>? sources)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentException.ThrowIfNullOrEmpty(graphJson);
        ArgumentException.ThrowIfNullOrEmpty(sqlText);
        Name = name;
        Version = version;
        GraphJson = graphJson;
        SqlText = sqlText;
        Description = description;
        Sources = sources ?? [];
        ContentHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(graphJson)));
    }

    /// <summary>The workflow's name, as given in <see cref="WorkflowAttribute"/>.</summary>
    public string Name { get; }

    /// <summary>The version of the definition, from 1.</summary>
    public int Version { get; }

    /// <summary>The graph as the JSON text that <c>df.start</c> takes.</summary>
    public string GraphJson { get; }

    /// <summary>The same graph as a SQL expression, to read or to paste: <c>SELECT df.start(…)</c>.</summary>
    public string SqlText { get; }

    /// <summary>What <c>df.workflows</c> says of it; null is nothing.</summary>
    public string? Description { get; }

    /// <summary>
    /// Where each node of the graph comes from, as <c>Folder/File.cs:21</c>: the root first, then a node's children after it. Errors show
    /// it. Not part of the graph and its hash; empty when it is not known.
    /// </summary>
    public IReadOnlyList<string?> Sources { get; }

    /// <summary>The graph as a Mermaid flowchart, for documentation and pull requests.</summary>
    public string Mermaid => GraphMermaid.Write(WorkflowGraph.Parse(GraphJson));

    /// <summary>SHA-256 of <see cref="GraphJson"/> in UTF-8, as lower-case hexadecimal digits.</summary>
    public string ContentHash { get; }
}
