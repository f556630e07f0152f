namespace PgDurable.Generators.Spec;

/// <summary>Everything that is emitted for one activity. It contains no symbols, syntax or locations.</summary>
/// <param name="HintName">The name of the generated file, without its ending.</param>
/// <param name="Namespace">The namespace, or empty for the global one.</param>
/// <param name="TypeHeaders">The partial declarations from the outermost type to the activity's class.</param>
/// <param name="TypeName">The class's full name, beginning with <c>global::</c>.</param>
/// <param name="Accessibility">The accessibility of the generated members.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="IsTransactional">Whether its writes and its completion are one transaction.</param>
/// <param name="InputType">The C# type of the input.</param>
/// <param name="Input">How the input is read and written.</param>
/// <param name="ResultType">The C# type of the result; null if there is none.</param>
/// <param name="Result">How the result is read and written, if there is one.</param>
/// <param name="Records">The records in the input and the result.</param>
internal sealed record ActivitySpec(
    string HintName,
    string Namespace,
    EquatableArray<string> TypeHeaders,
    string TypeName,
    string Accessibility,
    string Name,
    bool IsTransactional,
    string InputType,
    ValueSpec Input,
    string? ResultType,
    ValueSpec? Result,
    EquatableArray<RecordSpec> Records);
