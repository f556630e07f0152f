namespace PgDurable.Testing.Tests.Samples;

/// <summary>Ingest: stage, deduplicate, transform, publish; a failed publish is undone and reported.</summary>
[Workflow("ingest-batch", Version = 2)]
public sealed partial class IngestBatch : IWorkflow<IngestBatch.Input>
{
    public sealed record Input(long BatchId);
    public sealed record Counted(long Count);

    public static Flow Define(Flow flow, Input input) => flow
        .Execute($"INSERT INTO staging SELECT * FROM inbox WHERE batch_id = {input.BatchId}")
            .Compensate(f => f.Execute($"DELETE FROM staging WHERE batch_id = {input.BatchId}"))
        .Execute($"DELETE FROM staging a USING staging b WHERE a.batch_id = {input.BatchId} AND a.key = b.key AND a.ctid > b.ctid")
        .QuerySingle<Counted>($"SELECT count(*) AS count FROM staging WHERE batch_id = {input.BatchId}", out var staged)
        .If(staged.Count == 0, then: f => f.Fail($"batch {input.BatchId} is empty"))
        .Try(
            body: f => f.Execute($"INSERT INTO published SELECT key, upper(value) FROM staging WHERE batch_id = {input.BatchId}",
                retry: new Retry(3) { Delay = TimeSpan.FromSeconds(1) }, timeout: TimeSpan.FromMinutes(10)),
            onError: (f, error) => f.Execute($"INSERT INTO ingest_errors VALUES ({input.BatchId}, {error.SqlState}, {error.Message})"));
}
