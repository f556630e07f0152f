using Microsoft.CodeAnalysis;

namespace PgDurable.Generators;

/// <summary>What the generator knows of the Sdk, whose assembly it may not load. A test compares the names with the Sdk.</summary>
internal static class WellKnownNames
{
    public const string Namespace = "PgDurable";
    public const string WorkflowAttribute = "PgDurable.WorkflowAttribute";
    public const string ColumnAttribute = "PgDurable.ColumnAttribute";
    public const string Workflow = "IWorkflow";
    public const string Flow = "Flow";
    public const string Rows = "Rows";
    public const string Define = "Define";
    public const string Version = "Version";
    public const string Execute = "Execute";
    public const string Query = "Query";
    public const string QuerySingle = "QuerySingle";
    public const string SqlParameter = "sql";
    public const string RowParameter = "row";
    public const string RowsParameter = "rows";

    /// <summary>The longest sequence: a sequence is nested to the left, and the depth of a graph is limited.</summary>
    public const int MaxSteps = 257;

    /// <summary>The name that steps know the input by.</summary>
    public const string Input = "input";

    public static bool IsInSdk(this ISymbol? symbol, string name) =>
        symbol is { ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } } && symbol.Name == name;
}
