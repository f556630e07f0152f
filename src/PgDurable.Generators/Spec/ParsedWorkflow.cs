namespace PgDurable.Generators.Spec;

/// <summary>A workflow as it was read.</summary>
internal sealed record ParsedWorkflow(WorkflowSpec Workflow, SourceSpec Sources);
