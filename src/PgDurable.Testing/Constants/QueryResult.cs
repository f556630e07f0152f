namespace PgDurable.Testing.Constants;

/// <summary>The result of a query.</summary>
/// <param name="Columns">The columns: names, and NULLs of their types.</param>
/// <param name="Rows">The rows.</param>
internal sealed record QueryResult(
    IReadOnlyList<(string Name, SqlValue Value)> Columns, IReadOnlyList<IReadOnlyList<SqlValue>> Rows);
