namespace PgDurable.Testing;

/// <summary>The answer for a statement that returns no rows: the number of rows that it changed.</summary>
/// <param name="Count">The number of rows inserted, updated or deleted: at least 0.</param>
public sealed record RowsAffected(long Count = 1);
