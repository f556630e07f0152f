using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Parsing;

/// <summary>How a workflow's input and signals are written, and how its result and its state are read.</summary>
internal sealed record WorkflowTypes(
    ValueSpec Input, EquatableArray<RecordSpec> InputRecords, ResultSpec? Result, ValueSpec? State,
    EquatableArray<RecordSpec> ReadRecords, EquatableArray<SignalSpec> Signals);
