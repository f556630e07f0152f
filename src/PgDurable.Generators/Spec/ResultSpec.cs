namespace PgDurable.Generators.Spec;

/// <summary>How the workflow's result is read.</summary>
/// <param name="AllRows">Whether the result is all rows or the first one.</param>
/// <param name="OutputType">The C# type of the result.</param>
/// <param name="Row">How one row is read; a value that isn't a record is the row's only column.</param>
internal sealed record ResultSpec(bool AllRows, string OutputType, ValueSpec Row);
