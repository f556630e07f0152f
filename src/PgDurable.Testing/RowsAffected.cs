namespace PgDurable.Testing;

/// <summary>The answer of a statement that returns no rows: how many it has changed.</summary>
/// <param name="Count">Rows inserted, updated or deleted; 0 or more.</param>
public sealed record RowsAffected(long Count = 1);
