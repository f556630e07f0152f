namespace PgDurable.Worker.Engine;

/// <summary>What the engine wants done: run a SQL statement, then report its result or its error.</summary>
/// <param name="Execution">The execution that the result belongs to.</param>
/// <param name="Sql">The statement, with references replaced: what is sent to the server.</param>
internal sealed record Command(ExecutionKey Execution, string Sql);
