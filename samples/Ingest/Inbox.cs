using Microsoft.Extensions.Hosting;
using PgDurable;

namespace Ingest;

/// <summary>Starts the workflow for each file of the inbox, once: the key is the file's name and time, whichever process sees it.</summary>
internal sealed class Inbox(DurableClient durable, Folders folders) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        do
        {
            foreach (var file in new DirectoryInfo(Path.Combine(folders.Root, "inbox")).EnumerateFiles("*.csv"))
            {
                // Put away since the folder was read. It would have another time now, and so another key.
                if (!file.Exists)
                    continue;
                await IngestFile.StartAsync(
                    durable, new(file.Name, Patience: TimeSpan.FromDays(1)),
                    new() { IdempotencyKey = $"{file.Name}/{file.LastWriteTimeUtc:O}", Label = file.Name }, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
