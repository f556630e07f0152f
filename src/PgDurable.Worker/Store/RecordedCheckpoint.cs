using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>A row of <c>df.checkpoints</c>.</summary>
/// <param name="InstanceNo">The instance.</param>
/// <param name="Seq">Its place in the order of inputs.</param>
/// <param name="Execution">Of which execution.</param>
/// <param name="At">When it ended.</param>
/// <param name="ResultJson">Its result.</param>
/// <param name="ColumnsJson">The columns of that.</param>
/// <param name="ErrorJson">Its error.</param>
/// <param name="Attempt">Which attempt it was.</param>
internal sealed record RecordedCheckpoint(
    long InstanceNo, int Seq, ExecutionKey Execution, DateTimeOffset At, string? ResultJson, string? ColumnsJson, string? ErrorJson, int Attempt)
{
    /// <summary>What the engine took.</summary>
    public Checkpoint ToInput() => new(
        Execution, At,
        ResultJson is not null ? new StepResult(ResultJson, ResultColumns.Deserialize(ColumnsJson)) : null,
        ErrorJson is not null ? Store.ErrorJson.Read(ErrorJson) : null,
        Attempt);
}
