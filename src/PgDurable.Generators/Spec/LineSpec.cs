namespace PgDurable.Generators.Spec;

/// <summary>A line of a source file.</summary>
internal sealed record LineSpec(string File, int Line);
