namespace PgDurable.Testing.Tests.Samples;

/// <summary>Stage, deduplicate, publish; a failed publish is undone and reported.</summary>
public sealed class IngestBatch : IWorkflow<IngestBatch.Input>
{
    public sealed record Input(long BatchId);

    public sealed record Counted(long Count);

    public static WorkflowDefinition<Input> Definition { get; } =
        Definitions.Of<Input>("ingest-batch", 2, Graph(), (json, input) => json.WriteNumber("batch_id", input.BatchId));

    public static Flow Define(Flow flow, Input input) => throw new NotSupportedException();

    public static DfNode Graph() => Df.WithUndo("INSERT INTO staging SELECT * FROM inbox WHERE batch_id = $input.batch_id", "DELETE FROM staging WHERE batch_id = $input.batch_id")
        .Then("DELETE FROM staging a USING staging b WHERE a.batch_id = $input.batch_id AND a.key = b.key AND a.ctid > b.ctid")
        .Then(Df.Sql("SELECT count(*) AS count FROM staging WHERE batch_id = $input.batch_id").As("staged"))
        .Then(Df.If("SELECT $staged.count = 0", Df.Fail("batch $input.batch_id is empty"), "SELECT 1"))
        .Then(Df.Try(
            Df.Timeout(Df.Retry("INSERT INTO published SELECT key, upper(value) FROM staging WHERE batch_id = $input.batch_id", 3, 1), 600),
            "INSERT INTO ingest_errors VALUES ($input.batch_id, $error.sqlstate, $error.message)"));
}
