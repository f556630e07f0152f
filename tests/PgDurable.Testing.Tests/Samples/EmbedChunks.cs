namespace PgDurable.Testing.Tests.Samples;

/// <summary>Vector embedding pipeline: batch, call an embedding API for each row in parallel, write the vectors back.</summary>
[Workflow("embed-chunks")]
public sealed partial class EmbedChunks : IWorkflow<EmbedChunks.Input>
{
    public sealed record Input(string Url, string Model, int BatchSize);
    public sealed record Chunk(long Id, string Content);
    public sealed record Reply(Reply.Item[] Data) { public sealed record Item(float[] Embedding); }

    public static Flow Define(Flow flow, Input input) => flow.Forever(round => round
        .Query<Chunk>($"SELECT id, content FROM chunks WHERE embedding IS NULL ORDER BY id LIMIT {input.BatchSize}", out var batch)
        .If(batch.Any,
            then: f => f.ForEach(batch, maxParallel: 8, body: (item, chunk) => item
                // an anonymous object is the JSON body: values are encoded, so a quote in a chunk can't break it
                .HttpPost<Reply>($"{input.Url}/embeddings", json: new { model = input.Model, input = chunk.Content }, out var reply,
                    retry: new Retry(5) { Delay = TimeSpan.FromSeconds(2), MaxDelay = TimeSpan.FromMinutes(1) })
                // a typed path into the reply's JSON
                .Execute($"UPDATE chunks SET embedding = {reply.Json.Data[0].Embedding}::vector WHERE id = {chunk.Id}")),
            otherwise: f => f.WaitForSchedule("*/5 * * * *")));
}
