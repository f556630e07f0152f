using Npgsql;
using PgDurable;
using Samples;

if (args is not [var connectionString])
{
    Console.Error.WriteLine(
        "usage: CatalogIngest CONNECTION_STRING     (for example \"Host=localhost;Username=catalog;Database=postgres\")");
    return 2;
}
await using var dataSource = NpgsqlDataSource.Create(connectionString);
var durable = new DurableClient(dataSource);

// The key makes a second run of this program wait for the first one's instance, not ingest everything again.
var run = await CatalogIngest.StartAsync(
    durable, new(Batch: "first", MinimumLength: 3), new() { IdempotencyKey = "catalog-ingest/first", Label = "the server's own catalog" });
Console.WriteLine($"started instance {run.InstanceId}");

var summary = await run.ResultAsync(TimeSpan.FromMinutes(5));
Console.WriteLine(
    $"{summary.Texts} texts, {summary.Duplicates} of them duplicates, {summary.Words} different words; "
    + $"the most frequent is \"{summary.MostFrequent}\" ({summary.Occurrences} times)");
return 0;
