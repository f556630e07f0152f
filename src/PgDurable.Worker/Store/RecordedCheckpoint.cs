using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>A row of <c>df.checkpoints</c>.</summary>
/// <param name="InstanceNo">The instance.</param>
/// <param name="Seq">Its number in the order of inputs.</param>
/// <param name="Execution">The execution that it is the end of.</param>
/// <param name="At">When it ended.</param>
/// <param name="ResultJson">The result.</param>
/// <param name="ColumnsJson">The result's columns.</param>
/// <param name="ErrorJson">The error.</param>
/// <param name="Attempt">Which attempt it was.</param>
internal sealed record RecordedCheckpoint(
    long InstanceNo, int Seq, ExecutionKey Execution, DateTimeOffset At, string? ResultJson, string? ColumnsJson, string? ErrorJson,
    int Attempt)
{
    /// <summary>The input that the engine took.</summary>
    public Checkpoint ToInput() => new(
        Execution, At,
        ResultJson is not null ? new StepResult(ResultJson, ResultColumns.Deserialize(ColumnsJson)) : null,
        ErrorJson is not null ? Store.ErrorJson.Read(ErrorJson) : null,
        Attempt);
}
