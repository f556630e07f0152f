using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Parsing;

/// <summary>How a workflow's input is written and its result is read.</summary>
internal sealed record WorkflowTypes(ValueSpec Input, EquatableArray<RecordSpec> InputRecords, ResultSpec? Result);
