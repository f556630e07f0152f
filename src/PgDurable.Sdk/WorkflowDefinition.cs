using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable;

/// <summary>A workflow's name, version and graph. Created by the generator.</summary>
public abstract class WorkflowDefinition
{
    private readonly Func<JsonElement, object?>? _readState;

    private protected WorkflowDefinition(
        string name, int version, string graphJson, string sqlText, string? description, IReadOnlyList<string?>? sources,
        bool isReleased, Func<JsonElement, object?>? readState)
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
        IsReleased = isReleased;
        _readState = readState;
        ContentHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(graphJson)));
    }

    /// <summary>The workflow's name, as given in <see cref="WorkflowAttribute"/>.</summary>
    public string Name { get; }

    /// <summary>The version of the definition, starting at 1.</summary>
    public int Version { get; }

    /// <summary>The graph as JSON, in the form that <c>df.start</c> accepts.</summary>
    public string GraphJson { get; }

    /// <summary>The same graph as SQL that you can read, or paste into psql: <c>SELECT df.start(…)</c>.</summary>
    public string SqlText { get; }

    /// <summary>The description that <c>df.workflows</c> shows, or null for none.</summary>
    public string? Description { get; }

    /// <summary>
    /// The source location of each node, such as <c>Folder/File.cs:21</c>, in pre-order: a node comes before its children. Errors show
    /// these locations. They are part of neither the graph nor its hash. Empty if they are unknown.
    /// </summary>
    public IReadOnlyList<string?> Sources { get; }

    /// <summary>
    /// Whether the project's <c>workflows.lock.json</c> has this version. True for a definition that the generator didn't write.
    /// </summary>
    public bool IsReleased { get; }

    /// <summary>Gets the graph as a Mermaid flowchart, for documentation and pull requests.</summary>
    public string Mermaid => GraphMermaid.Write(WorkflowGraph.Parse(GraphJson));

    /// <summary>The SHA-256 hash of <see cref="GraphJson"/> in UTF-8, as lowercase hexadecimal digits.</summary>
    public string ContentHash { get; }

    /// <summary>Reads what an instance has published.</summary>
    /// <param name="json">The JSON, or null if it has published nothing.</param>
    /// <exception cref="WorkflowResultException">The JSON doesn't fit what the workflow publishes.</exception>
    /// <exception cref="InvalidOperationException">The workflow publishes nothing, or another type.</exception>
    internal T? ReadState<T>(string? json)
    {
        if (_readState is null)
            throw new InvalidOperationException($"Workflow '{Name}' has no Publish. StateJsonAsync reads what its SQL publishes.");
        return json is null or "null" ? default : JsonValueText.Read(_readState, json) switch
        {
            T value => value,
            var other => throw new InvalidOperationException($"Workflow '{Name}' publishes {other?.GetType()}, not {typeof(T)}."),
        };
    }
}
