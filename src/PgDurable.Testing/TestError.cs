namespace PgDurable.Testing;

/// <summary>The error of a step or a workflow.</summary>
/// <param name="SqlState">The SQLSTATE.</param>
/// <param name="Message">The message, including what the enclosing nodes added to it.</param>
/// <param name="Detail">PostgreSQL's detail, or null for none.</param>
/// <param name="Hint">The hint, or null for none.</param>
/// <param name="Node">The number of the node that failed, starting at 0, or null if none did.</param>
/// <param name="Step">The name of the step that failed, or null if none did.</param>
/// <param name="Sql">The statement as it ran, or null if it never did.</param>
public sealed record TestError(string SqlState, string Message, string? Detail, string? Hint, int? Node, string? Step, string? Sql);
