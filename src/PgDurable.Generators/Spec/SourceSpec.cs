namespace PgDurable.Generators.Spec;

/// <summary>The lines of C# that a workflow's graph comes from. They change with every edit above, and nothing else does then.</summary>
/// <param name="HintName">The name of the generated file, without its end.</param>
/// <param name="Namespace">The namespace, or empty for the global one.</param>
/// <param name="TypeHeaders">The partial declarations from the outermost type to the workflow's class.</param>
/// <param name="SqlText">The graph as SQL, with markers where comments name lines.</param>
/// <param name="Lines">The line of each node, by its number.</param>
internal sealed record SourceSpec(
    string HintName, string Namespace, EquatableArray<string> TypeHeaders, string SqlText, EquatableArray<LineSpec> Lines);
