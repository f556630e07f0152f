using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>A user's statement, which runs in a transaction of its own.</summary>
/// <param name="Role">The role that runs it.</param>
/// <param name="Sql">The statement.</param>
/// <param name="Form">
/// Which of its <see cref="StatementForms"/> to run; <c>null</c> is the form that is known to work, or the first.
/// </param>
/// <param name="Cancelled">Stops it when it fires.</param>
internal readonly record struct StepStatement(uint Role, SubstitutedSql Sql, int? Form, CancellationToken Cancelled);
