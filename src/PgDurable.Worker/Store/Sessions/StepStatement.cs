using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>A user's statement, to be run in a transaction of its own.</summary>
/// <param name="Role">In whose name.</param>
/// <param name="Sql">The statement.</param>
/// <param name="Form">Which of its <see cref="StatementForms"/> to run; null is the one that is known to work, or the first.</param>
/// <param name="Cancelled">Stops it.</param>
internal readonly record struct StepStatement(uint Role, SubstitutedSql Sql, int? Form, CancellationToken Cancelled);
