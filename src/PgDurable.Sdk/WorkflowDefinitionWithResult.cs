using System.Text.Json;

namespace PgDurable;

/// <summary>The definition of a workflow with a result.</summary>
/// <typeparam name="TIn">The input.</typeparam>
/// <typeparam name="TOut">The result.</typeparam>
public sealed class WorkflowDefinition<TIn, TOut> : WorkflowDefinition<TIn>
{
    // A json column may be nested deeper than the 64 levels that are allowed by default.
    private static readonly JsonDocumentOptions ResultOptions = new() { MaxDepth = Graph.JsonbText.MaxDepth };

    private readonly Func<JsonElement, TOut> _readResult;

    /// <summary>Called by generated code.</summary>
    /// <param name="name">The workflow's name.</param>
    /// <param name="version">The version, from 1.</param>
    /// <param name="graphJson">The graph.</param>
    /// <param name="sqlText">The graph as a SQL expression.</param>
    /// <param name="writeInput">Writes an input as one JSON object.</param>
    /// <param name="readResult">Reads the result of the last step.</param>
    /// <param name="description">What <c>df.workflows</c> says of it.</param>
    /// <param name="sources">Where each node comes from.</param>
    public WorkflowDefinition(
        string name,
        int version,
        string graphJson,
        string sqlText,
        Action<Utf8JsonWriter, TIn> writeInput,
        Func<JsonElement, TOut> readResult,
        string? description = null,
        IReadOnlyList<string?>? sources = null)
        : base(name, version, graphJson, sqlText, writeInput, description, sources)
    {
        ArgumentNullException.ThrowIfNull(readResult);
        _readResult = readResult;
    }

    /// <summary>Reads what <c>df.result</c> returns for a completed instance.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The result.</returns>
    /// <exception cref="WorkflowResultException">A column is missing or does not fit its property, or there is no row.</exception>
    public TOut ReadResult(string json) => _readResult(JsonElement.Parse(json, ResultOptions));
}
