using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Worker.Steps.Http;

/// <summary>What a request has come to.</summary>
/// <param name="Result">The step's result.</param>
/// <param name="Sink">The row that is to be written together with it; NULL when the response has no table to go to.</param>
internal sealed record HttpAnswer(StepResult Result, SinkRow? Sink);
