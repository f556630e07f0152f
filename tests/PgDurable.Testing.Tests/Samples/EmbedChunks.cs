using System.Text.Json.Nodes;

namespace PgDurable.Testing.Tests.Samples;

/// <summary>Batch, call an embedding API for each row in parallel, write the vectors back.</summary>
public sealed class EmbedChunks : IWorkflow<EmbedChunks.Input>
{
    public sealed record Input(string Host, string Model, int BatchSize);

    public sealed record Chunk(long Id, string Content);

    public sealed record Reply(Reply.Item[] Data)
    {
        public sealed record Item(float[] Embedding);
    }

    public static WorkflowDefinition<Input> Definition { get; } = Definitions.Of<Input>("embed-chunks", 1, Graph(), (json, input) =>
    {
        json.WriteString("host", input.Host);
        json.WriteString("model", input.Model);
        json.WriteNumber("batch_size", input.BatchSize);
    });

    public static Flow Define(Flow flow, Input input) => throw new NotSupportedException();

    public static DfNode Graph() => Df.Loop(
        Df.Sql("SELECT id, content FROM chunks WHERE embedding IS NULL ORDER BY id LIMIT $input.batch_size").As("batch")
            .Then(Df.IfRows(
                "batch",
                Df.ForEach(
                    "batch",
                    Df.Retry(
                        Df.HttpJson("https://$input.host/embeddings", body: JsonNode.Parse("""{"model":"$input.model","input":"$chunk.content"}""")),
                        maxAttempts: 5, delaySeconds: 2, maxDelaySeconds: 60).As("reply")
                        .Then("UPDATE chunks SET embedding = ($reply.body::jsonb #> '{data,0,embedding}')::text::vector WHERE id = $chunk.id"),
                    "chunk", maxParallel: 8),
                Df.WaitForSchedule("*/5 * * * *"))));
}
