using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store;

/// <summary>A user's statement, to be run in a transaction of its own.</summary>
/// <param name="Role">In whose name.</param>
/// <param name="Sql">The statement.</param>
/// <param name="Parameterized">A form of it that may be prepared.</param>
/// <param name="Cancelled">Stops it.</param>
internal readonly record struct StepStatement(uint Role, string Sql, ParameterizedSql? Parameterized, CancellationToken Cancelled);
