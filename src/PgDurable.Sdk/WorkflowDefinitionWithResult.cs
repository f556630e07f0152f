using System.Text.Json;

namespace PgDurable;

/// <summary>The definition of a workflow with a result.</summary>
/// <typeparam name="TIn">The type of the input.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
public sealed class WorkflowDefinition<TIn, TOut> : WorkflowDefinition<TIn>
{
    private readonly Func<JsonElement, TOut> _readResult;

    /// <summary>Creates a definition. Called by generated code.</summary>
    /// <param name="name">The workflow's name.</param>
    /// <param name="version">The version, starting at 1.</param>
    /// <param name="graphJson">The graph as JSON.</param>
    /// <param name="sqlText">The graph as a SQL expression.</param>
    /// <param name="writeInput">Writes an input as a JSON object.</param>
    /// <param name="readResult">Reads the result of the last step.</param>
    /// <param name="description">The description that <c>df.workflows</c> shows, or null for none.</param>
    /// <param name="sources">The source location of each node, in pre-order, or null if they are unknown.</param>
    /// <param name="isReleased">Whether <c>workflows.lock.json</c> has this version, which is never replaced then.</param>
    /// <param name="readState">Reads what the workflow publishes, or null if it publishes nothing.</param>
    public WorkflowDefinition(
        string name,
        int version,
        string graphJson,
        string sqlText,
        Action<Utf8JsonWriter, TIn> writeInput,
        Func<JsonElement, TOut> readResult,
        string? description = null,
        IReadOnlyList<string?>? sources = null,
        bool isReleased = true,
        Func<JsonElement, object?>? readState = null)
        : base(name, version, graphJson, sqlText, writeInput, description, sources, isReleased, readState)
    {
        ArgumentNullException.ThrowIfNull(readResult);
        _readResult = readResult;
    }

    /// <summary>Deserializes the result of a completed instance, as <c>df.result</c> returns it.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The result.</returns>
    /// <exception cref="WorkflowResultException">A column is missing or doesn't fit its property, or there is no row.</exception>
    public TOut ReadResult(string json) => JsonValueText.Read(_readResult, json);
}
