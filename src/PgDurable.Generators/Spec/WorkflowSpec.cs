namespace PgDurable.Generators.Spec;

/// <summary>
/// Everything that is emitted for one workflow, except the lines that it comes from. It contains no symbols, syntax or locations.
/// </summary>
/// <param name="HintName">The name of the generated file, without its ending.</param>
/// <param name="Namespace">The namespace, or empty for the global one.</param>
/// <param name="TypeHeaders">The partial declarations from the outermost type to the workflow's class.</param>
/// <param name="TypeName">The class's full name, beginning with <c>global::</c>; null if other classes can't access it.</param>
/// <param name="Accessibility">The accessibility of the generated members.</param>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">The workflow's version.</param>
/// <param name="Description">The workflow's description, if it has one.</param>
/// <param name="InputType">The C# type of the input.</param>
/// <param name="GraphJson">The graph.</param>
/// <param name="Input">How the input is written.</param>
/// <param name="InputRecords">The records that are written.</param>
/// <param name="Result">How the result is read, if there is one.</param>
/// <param name="State">How what it publishes is read, if it publishes anything.</param>
/// <param name="ReadRecords">The records that are read.</param>
/// <param name="Signals">The signals that the workflow waits for.</param>
internal sealed record WorkflowSpec(
    string HintName,
    string Namespace,
    EquatableArray<string> TypeHeaders,
    string? TypeName,
    string Accessibility,
    string Name,
    int Version,
    string? Description,
    string InputType,
    string GraphJson,
    ValueSpec Input,
    EquatableArray<RecordSpec> InputRecords,
    ResultSpec? Result,
    ValueSpec? State,
    EquatableArray<RecordSpec> ReadRecords,
    EquatableArray<SignalSpec> Signals);
