namespace PgDurable.Testing.Constants;

/// <summary>A row of a table after FROM.</summary>
/// <param name="Table">The table's alias.</param>
/// <param name="Columns">The columns with their values.</param>
internal sealed record SourceRow(string Table, IReadOnlyList<(string Name, SqlValue Value)> Columns);
