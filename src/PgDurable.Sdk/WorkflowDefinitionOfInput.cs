using System.Text.Json;

namespace PgDurable;

/// <summary>The definition of a workflow without a result.</summary>
/// <typeparam name="TIn">The type of the input.</typeparam>
public class WorkflowDefinition<TIn> : WorkflowDefinition
{
    private readonly Action<Utf8JsonWriter, TIn> _writeInput;

    /// <summary>Creates a definition. Called by generated code.</summary>
    /// <param name="name">The workflow's name.</param>
    /// <param name="version">The version, starting at 1.</param>
    /// <param name="graphJson">The graph as JSON.</param>
    /// <param name="sqlText">The graph as a SQL expression.</param>
    /// <param name="writeInput">Writes an input as a JSON object.</param>
    /// <param name="description">The description that <c>df.workflows</c> shows, or null for none.</param>
    /// <param name="sources">The source location of each node, in pre-order, or null if they are unknown.</param>
    /// <param name="isReleased">Whether <c>workflows.lock.json</c> has this version, which is never replaced then.</param>
    /// <param name="readState">Reads what the workflow publishes, or null if it publishes nothing.</param>
    public WorkflowDefinition(
        string name, int version, string graphJson, string sqlText, Action<Utf8JsonWriter, TIn> writeInput,
        string? description = null, IReadOnlyList<string?>? sources = null, bool isReleased = true,
        Func<JsonElement, object?>? readState = null)
        : base(name, version, graphJson, sqlText, description, sources, isReleased, readState)
    {
        ArgumentNullException.ThrowIfNull(writeInput);
        _writeInput = writeInput;
    }

    /// <summary>Serializes an input to the JSON object that steps refer to as <c>$input</c>.</summary>
    /// <param name="input">The input.</param>
    /// <returns>The JSON text.</returns>
    public string WriteInput(TIn input) => JsonValueText.Write(_writeInput, input);
}
