using PgDurable;

namespace Samples;

/// <summary>
/// Ingests what every PostgreSQL server has: the descriptions of its own objects, some 5,000 short texts. Stages them, removes duplicates,
/// splits them into words, and publishes how often each word, and each pair of words, occurs.
/// </summary>
[Workflow("catalog-ingest")]
public sealed partial class CatalogIngest : IWorkflow<CatalogIngest.Input, CatalogIngest.Summary>
{
    public sealed record Input(string Batch, int MinimumLength);
    public sealed record Counted(long Count);
    public sealed record Summary(long Texts, long Duplicates, long Words, string MostFrequent, long Occurrences);

    public static Flow<Summary> Define(Flow flow, Input input) => flow
        .QuerySingle<Counted>($"""
            WITH staged AS (
                INSERT INTO catalog.staging (batch, object, description)
                SELECT {input.Batch}, d.classoid::regclass || '/' || d.objoid || '/' || d.objsubid, d.description
                  FROM pg_catalog.pg_description d
                RETURNING 1)
            SELECT count(*) AS count FROM staged
            """, out var staged)
        .QuerySingle<Counted>($"""
            WITH removed AS (
                DELETE FROM catalog.staging a USING catalog.staging b
                 WHERE a.batch = {input.Batch} AND b.batch = a.batch AND md5(b.description) = md5(a.description) AND b.object < a.object
                RETURNING a.object)
            SELECT count(DISTINCT object) AS count FROM removed
            """, out var duplicates)
        .Execute($"""
            INSERT INTO catalog.words (batch, object, position, word)
            SELECT s.batch, s.object, w.position, lower(w.match[1])
              FROM catalog.staging s
             CROSS JOIN LATERAL regexp_matches(s.description, '[[:alpha:]]+', 'g') WITH ORDINALITY AS w (match, position)
             WHERE s.batch = {input.Batch} AND length(w.match[1]) >= {input.MinimumLength}
            """)
        .QuerySingle<Counted>($"""
            WITH published AS (
                INSERT INTO catalog.word_statistics (batch, word, occurrences, objects)
                SELECT batch, word, count(*), count(DISTINCT object) FROM catalog.words WHERE batch = {input.Batch} GROUP BY batch, word
                RETURNING 1)
            SELECT count(*) AS count FROM published
            """, out var words)
        .Execute($"""
            INSERT INTO catalog.pair_statistics (batch, word, other, objects)
            SELECT a.batch, a.word, b.word, count(DISTINCT a.object)
              FROM catalog.words a JOIN catalog.words b ON b.batch = a.batch AND b.object = a.object AND b.word > a.word
             WHERE a.batch = {input.Batch}
             GROUP BY a.batch, a.word, b.word
            """)
        .QuerySingle<Summary>($"""
            SELECT {staged.Count} AS texts, {duplicates.Count} AS duplicates, {words.Count} AS words, word AS most_frequent, occurrences
              FROM catalog.word_statistics
             WHERE batch = {input.Batch}
             ORDER BY occurrences DESC, word
             LIMIT 1
            """);
}
