// with: orders.cs

[Workflow("ingest-batch")]
public sealed partial class IngestBatch : IWorkflow<IngestBatch.Input>
{
    public sealed record Input(long BatchId);

    public static Flow Define(Flow flow, Input input) => flow.Execute($"DELETE FROM batches WHERE id = {input.BatchId}");
}
