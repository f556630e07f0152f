using Npgsql;
using NpgsqlTypes;
using PgDurable;

namespace Ingest;

/// <summary>Copies the lines of a file into the staging table. The lines and the step's completion are one transaction.</summary>
[Activity("stage-lines")]
public sealed partial class StageLines(Folders folders) : ITransactionalActivity<StageLines.Input>
{
    public sealed record Input(long FileId, string Name);

    public async Task RunAsync(Input input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct)
    {
        await using var copy = await transaction.Connection!.BeginBinaryImportAsync(
            "COPY ingest.staging (file_id, line, sku, price) FROM STDIN (FORMAT binary)", ct);
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(folders.File("inbox", input.Name), ct))
        {
            // sku;price. What is missing becomes NULL, and the check finds it.
            var parts = line.Split(';', 2);
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(input.FileId, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(++number, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(parts[0].Trim(), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(parts.Length > 1 ? parts[1].Trim() : null, NpgsqlDbType.Text, ct);
        }

        await copy.CompleteAsync(ct);
    }
}
