using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Parsing;

/// <summary>How a workflow's input and signals are written, and how its result is read.</summary>
internal sealed record WorkflowTypes(
    ValueSpec Input, EquatableArray<RecordSpec> InputRecords, ResultSpec? Result, EquatableArray<SignalSpec> Signals);
