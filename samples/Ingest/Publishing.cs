using PgDurable;

namespace Ingest;

/// <summary>Publishing and its undo, next to each other.</summary>
internal static class Publishing
{
    /// <summary>Publishes the prices of a file, and remembers what they replace.</summary>
    [WorkflowFragment]
    public static Flow PublishPrices(this Flow flow, long file) => flow.Execute($"""
        WITH new AS (
            SELECT DISTINCT ON (sku) sku, price::numeric AS price FROM ingest.staging WHERE file_id = {file} ORDER BY sku, line DESC),
             remembered AS (
            INSERT INTO ingest.replaced (file_id, sku, price, old_file_id)
            SELECT {file}, new.sku, old.price, old.file_id FROM new LEFT JOIN ingest.prices old ON old.sku = new.sku)
        INSERT INTO ingest.prices AS p (sku, price, file_id) SELECT sku, price, {file} FROM new
        ON CONFLICT (sku) DO UPDATE SET price = excluded.price, file_id = excluded.file_id
        """);

    /// <summary>Puts back what the file has replaced. What a later file has published stays.</summary>
    [WorkflowFragment]
    public static Flow UnpublishPrices(this Flow flow, long file) => flow
        .Execute($"""
            WITH undone AS (DELETE FROM ingest.replaced WHERE file_id = {file} RETURNING sku, price, old_file_id),
                 removed AS (
                DELETE FROM ingest.prices p USING undone u WHERE p.sku = u.sku AND p.file_id = {file} AND u.price IS NULL)
            UPDATE ingest.prices p SET price = u.price, file_id = u.old_file_id
              FROM undone u WHERE p.sku = u.sku AND p.file_id = {file} AND u.price IS NOT NULL
            """)
        .Execute($"UPDATE ingest.files SET status = 'withdrawn' WHERE id = {file}");
}
