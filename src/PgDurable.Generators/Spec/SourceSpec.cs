namespace PgDurable.Generators.Spec;

/// <summary>The lines of C# that a workflow's graph comes from. An edit above the workflow changes only these.</summary>
/// <param name="HintName">The name of the generated file, without its ending.</param>
/// <param name="Namespace">The namespace, or empty for the global one.</param>
/// <param name="TypeHeaders">The partial declarations from the outermost type to the workflow's class.</param>
/// <param name="SqlText">The graph as SQL, with markers for the comments that name lines.</param>
/// <param name="Lines">The line of each node, by its number.</param>
internal sealed record SourceSpec(
    string HintName, string Namespace, EquatableArray<string> TypeHeaders, string SqlText, EquatableArray<LineSpec> Lines);
