using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <summary>The end of an attempt that was made together with the commit of the step before it.</summary>
/// <param name="Started">When the attempt began, by the database's clock.</param>
/// <param name="Result">Its result, if it succeeded.</param>
/// <param name="Error">What went wrong otherwise.</param>
internal sealed record EarlyResult(DateTimeOffset Started, StepResult? Result, Exception? Error);
