using System.Text.Json;
using Npgsql;
using PgDurable;

namespace Embeddings;

/// <summary>What an application does with the workflow: loads documents, and searches.</summary>
public static class Documents
{
    /// <summary>Writes the files into the table and starts the workflow, in one transaction, and waits until all are embedded.</summary>
    public static async Task<EmbedDocuments.Embedded> LoadAsync(NpgsqlDataSource dataSource, string server, string folder)
    {
        var durable = new DurableClient(dataSource);
        WorkflowHandle<EmbedDocuments.Embedded> run;
        await using (var connection = await dataSource.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var file in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
            {
                await using var command = new NpgsqlCommand(
                    """
                    INSERT INTO embeddings.documents AS d (name, body) VALUES ($1, $2)
                    ON CONFLICT (name) DO UPDATE SET body = excluded.body, revision = d.revision + 1 WHERE d.body <> excluded.body
                    """, connection, transaction)
                {
                    Parameters = { new() { Value = Path.GetFileName(file) }, new() { Value = await File.ReadAllTextAsync(file) } },
                };
                await command.ExecuteNonQueryAsync();
            }

            run = await EmbedDocuments.StartAsync(durable.In(transaction), new(server, BatchSize: 16));
            await transaction.CommitAsync();
        }

        return await run.ResultAsync(TimeSpan.FromHours(1));
    }

    /// <summary>The most similar paragraphs, the best first.</summary>
    public static async IAsyncEnumerable<(string Name, string Text, double Similarity)> SearchAsync(
        NpgsqlDataSource dataSource, string server, string question)
    {
        using var http = new HttpClient();
        var attempt = 0;
        HttpResponseMessage response;
        while (!(response = await http.PostAsJsonAsync($"{server}/embeddings", new EmbeddingServer.Request([question]))).IsSuccessStatusCode
            && ++attempt < 5)
        {
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(0.5));
        }

        response.EnsureSuccessStatusCode();
        var vector = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")[0].GetProperty("embedding").GetRawText();

        await using var command = dataSource.CreateCommand("SELECT name, text, similarity FROM embeddings.search($1::jsonb)");
        command.Parameters.Add(new() { Value = vector });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            yield return (reader.GetString(0), reader.GetString(1), reader.GetDouble(2));
    }
}
