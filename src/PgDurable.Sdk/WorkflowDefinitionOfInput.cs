using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PgDurable;

/// <summary>The definition of a workflow that is run for its effects.</summary>
/// <typeparam name="TIn">The input.</typeparam>
public class WorkflowDefinition<TIn> : WorkflowDefinition
{
    private readonly Action<Utf8JsonWriter, TIn> _writeInput;

    /// <summary>Called by generated code.</summary>
    /// <param name="name">The workflow's name.</param>
    /// <param name="version">The version, from 1.</param>
    /// <param name="graphJson">The graph.</param>
    /// <param name="sqlText">The graph as a SQL expression.</param>
    /// <param name="writeInput">Writes an input as one JSON object.</param>
    /// <param name="description">What <c>df.workflows</c> says of it.</param>
    /// <param name="sources">Where each node comes from.</param>
    public WorkflowDefinition(
        string name, int version, string graphJson, string sqlText, Action<Utf8JsonWriter, TIn> writeInput,
        string? description = null, IReadOnlyList<string?>? sources = null)
        : base(name, version, graphJson, sqlText, description, sources)
    {
        ArgumentNullException.ThrowIfNull(writeInput);
        _writeInput = writeInput;
    }

    /// <summary>Writes an input as the JSON object that steps refer to as <c>$input</c>.</summary>
    /// <param name="input">The input.</param>
    /// <returns>The JSON text.</returns>
    public string WriteInput(TIn input)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            _writeInput(writer, input);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
