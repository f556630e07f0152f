namespace PgDurable.Extension.Tests.Algebra;

/// <summary>One composition, written twice: as a SQL expression and in C#. Both are written by hand, neither from the other.</summary>
/// <param name="Sql">The expression, which can be an operand anywhere.</param>
/// <param name="Build">The same in C#. Runs in the order in which PostgreSQL evaluates the expression.</param>
public sealed record Composed(string Sql, Func<DfNode> Build);
