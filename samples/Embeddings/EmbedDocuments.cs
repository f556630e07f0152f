using PgDurable;

namespace Embeddings;

/// <summary>
/// Cuts new and changed documents into paragraphs, and has an embedding server compute a vector for each. The server limits requests, and
/// fails now and then.
/// </summary>
[Workflow("embed-documents")]
public sealed partial class EmbedDocuments : IWorkflow<EmbedDocuments.Input, EmbedDocuments.Embedded>
{
    public sealed record Input(string Server, int BatchSize);
    public sealed record Batch(long[] Ids, string[] Texts);
    public sealed record Vector(int Index, float[] Embedding);
    public sealed record Reply(IReadOnlyList<Vector> Data);
    public sealed record Embedded(long Documents, long Chunks);

    // A crash between a reply and its UPDATE asks the server again. The UPDATE is one transaction with its checkpoint.
    public static Flow<Embedded> Define(Flow flow, Input input) => flow
        // A heading alone says little.
        .Execute("""
            WITH changed AS (
                UPDATE embeddings.documents SET chunked_revision = revision WHERE chunked_revision < revision RETURNING id, revision, body),
                 gone AS (DELETE FROM embeddings.chunks c USING changed d WHERE c.document_id = d.id)
            INSERT INTO embeddings.chunks (document_id, revision, place, text)
            SELECT d.id, d.revision, p.place, p.text
              FROM changed d CROSS JOIN LATERAL regexp_split_to_table(d.body, '\n\s*\n') WITH ORDINALITY AS p (text, place)
             WHERE p.text ~ '[[:alpha:]]' AND p.text !~ '^#[^\n]*$'
            """)
        // Some batches at a time, so that a million chunks don't become one result.
        .While("SELECT EXISTS (SELECT FROM embeddings.chunks WHERE embedding IS NULL)", round => round
            .Query<Batch>($"""
                SELECT array_agg(id ORDER BY id) AS ids, array_agg(text ORDER BY id) AS texts
                  FROM (SELECT id, text, (row_number() OVER (ORDER BY id) - 1) / {input.BatchSize} AS batch
                          FROM embeddings.chunks WHERE embedding IS NULL ORDER BY id LIMIT 20 * {input.BatchSize}) AS numbered
                 GROUP BY batch ORDER BY batch
                """, out var batches)
            .ForEach(batches, (f, batch) => f
                // After a 429 and a 503, wait as long as the server asks.
                .HttpPost<Reply>($"{input.Server}/embeddings", json: new { input = batch.Texts }, out var reply,
                    retry: new Retry(20) { RetryAfter = true, MaxDelay = TimeSpan.FromMinutes(10) }, timeout: TimeSpan.FromSeconds(30))
                .If(!reply.Ok, then: g => g.Fail($"the embedding server said {reply.Status}"))
                .Execute($"""
                    UPDATE embeddings.chunks c SET embedding = embeddings.to_embedding(v.embedding)
                      FROM jsonb_to_recordset({reply.Json.Data}) AS v (index int, embedding jsonb)
                     WHERE c.id = ({batch.Ids})[v.index + 1]
                    """), maxParallel: 2), TimeSpan.Zero)
        .QuerySingle<Embedded>("""
            SELECT count(DISTINCT document_id) AS documents, count(*) AS chunks FROM embeddings.chunks WHERE embedding IS NOT NULL
            """);
}
