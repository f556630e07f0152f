namespace PgDurable.Generators.Model;

/// <summary>A line of a source file, counted from 1.</summary>
internal sealed record SourceLine(string File, int Line);
