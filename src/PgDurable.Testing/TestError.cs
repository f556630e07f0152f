namespace PgDurable.Testing;

/// <summary>Why a step or a workflow failed.</summary>
/// <param name="SqlState">The SQLSTATE.</param>
/// <param name="Message">The message, with what enclosing nodes have added to it.</param>
/// <param name="Detail">PostgreSQL's detail, if any.</param>
/// <param name="Hint">What to do about it, if known.</param>
/// <param name="Node">The number of the node that failed, from 0; null when none did.</param>
/// <param name="Step">The name of the step that failed; null when none did.</param>
/// <param name="Sql">The statement as it ran; null if it never did.</param>
public sealed record TestError(string SqlState, string Message, string? Detail, string? Hint, int? Node, string? Step, string? Sql);
