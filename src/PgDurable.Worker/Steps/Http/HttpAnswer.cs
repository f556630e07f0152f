using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Worker.Steps.Http;

/// <summary>The result of a request.</summary>
/// <param name="Result">The step's result.</param>
/// <param name="Sink">The row to write together with it; <c>null</c> if the response doesn't go into a table.</param>
internal sealed record HttpAnswer(StepResult Result, SinkRow? Sink);
