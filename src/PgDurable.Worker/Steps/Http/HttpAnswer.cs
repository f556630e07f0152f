using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>What a request has come to.</summary>
/// <param name="Result">The step's result.</param>
/// <param name="Sink">The row that is to be written together with it; NULL when the response has no table to go to.</param>
internal sealed record HttpAnswer(StepResult Result, SinkRow? Sink);

/// <summary>The body of a response, for a table of the user's.</summary>
/// <param name="Table">The table, as the workflow writes it.</param>
/// <param name="Key">Of the row; a new one at each attempt.</param>
/// <param name="Body">The bytes as received.</param>
internal sealed record SinkRow(string Table, Guid Key, byte[] Body);
