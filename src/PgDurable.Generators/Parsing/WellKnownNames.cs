using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>What the generator knows about the Sdk, whose assembly it can't load. A test compares the names with the Sdk.</summary>
internal static class WellKnownNames
{
    public const string Namespace = "PgDurable";
    public const string WorkflowAttribute = "PgDurable.WorkflowAttribute";
    public const string ColumnAttribute = "PgDurable.ColumnAttribute";
    public const string StoredAsNumberAttribute = "PgDurable.StoredAsNumberAttribute";
    public const string TagAttribute = "PgDurable.TagAttribute";
    public const string ActivityAttribute = "PgDurable.ActivityAttribute";
    public const string Workflow = "IWorkflow";
    public const string Activity = "IActivity";
    public const string TransactionalActivity = "ITransactionalActivity";
    public const string ActivityDefinition = "ActivityDefinition";
    public const string RunAsync = "RunAsync";
    public const string Definition = "Definition";
    public const string Flow = "Flow";
    public const string Rows = "Rows";
    public const string HttpBody = "HttpBody";
    public const string Define = "Define";
    public const string Version = "Version";
    public const string OnCancel = "OnCancel";
    public const string Description = "Description";

    /// <summary>The name by which steps refer to the input.</summary>
    public const string Input = "input";

    public static bool IsInSdk(this ISymbol? symbol, string name) =>
        symbol is { ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } } && symbol.Name == name;
}
