using PgDurable;

namespace Ingest;

/// <summary>
/// Loads a file of prices, checks it, publishes it, has somebody look at the result, and puts the file away. If a step fails, nobody
/// accepts it in time, or the instance is canceled, what was published is as it was before.
/// </summary>
[Workflow("ingest-file", OnCancel = OnCancel.Undo)]
public sealed partial class IngestFile : IWorkflow<IngestFile.Input, IngestFile.Ingested>
{
    public sealed record Input([Tag("file")] string Name, TimeSpan Patience);
    public sealed record File(long Id);
    public sealed record Check(long Bad, string? First);
    public sealed record Review(bool Accepted, string By);
    public sealed record Ingested(long FileId, long Prices);

    public static Flow<Ingested> Define(Flow flow, Input input) => flow
        .QuerySingle<File>($"INSERT INTO ingest.files (name) VALUES ({input.Name}) RETURNING id", out var file)
        .Try(
            body: f => f
                .Run(StageLines.Definition, new(file.Id, input.Name), timeout: TimeSpan.FromHours(1))
                .QuerySingle<Check>($"""
                    SELECT count(*) AS bad, (array_agg('line ' || line || ': ' || concat_ws(';', sku, price) ORDER BY line))[1] AS first
                      FROM ingest.staging
                     WHERE file_id = {file.Id}
                       AND (sku = '' OR coalesce(price, '') !~ '^[0-9]+([.][0-9]+)?$' OR price !~ '[1-9]')
                    """, out var check)
                .If(check.Bad > 0, then: g => g.Fail($"{check.Bad} bad lines; the first is {check.First}", "ING01"))
                .PublishPrices(file.Id)
                .Compensate(undo => undo.UnpublishPrices(file.Id))
                .Execute($"UPDATE ingest.files SET status = 'in review' WHERE id = {file.Id}")
                .WaitForSignal<Review>("review", input.Patience, out var review)
                .If(review.TimedOut, then: g => g.Fail("nobody reviewed it in time", "ING02"))
                .If(!review.Data.Accepted, then: g => g.Fail($"{review.Data.By} rejected it", "ING03"))
                .Run(PutAway.Definition, new(input.Name, "done"), retry: new Retry(3)),
            // The prices have been undone by now.
            onError: (f, error) => f
                .Execute($"UPDATE ingest.files SET status = 'rejected', problem = {error.Message} WHERE id = {file.Id}")
                .Execute($"DELETE FROM ingest.staging WHERE file_id = {file.Id}")
                .Fail($"{input.Name}: {error.Message}", "ING00"))
        .Execute($"DELETE FROM ingest.staging WHERE file_id = {file.Id}")
        .Execute($"DELETE FROM ingest.replaced WHERE file_id = {file.Id}")
        .QuerySingle<Ingested>($"""
            WITH accepted AS (UPDATE ingest.files SET status = 'accepted' WHERE id = {file.Id} RETURNING id)
            SELECT id AS file_id, (SELECT count(*) FROM ingest.prices p WHERE p.file_id = accepted.id) AS prices FROM accepted
            """);
}
