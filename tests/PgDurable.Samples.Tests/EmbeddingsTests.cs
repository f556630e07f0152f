using System.Text.Json;
using PgDurable.TestKit;
using Xunit.Abstractions;

namespace PgDurable.Samples.Tests;

/// <summary>samples/Embeddings: the server limits requests and fails, the worker is killed, and searches find the right text.</summary>
public sealed class EmbeddingsTests(ITestOutputHelper output) : IDisposable
{
    private const int Paragraphs = 8;

    private static readonly Dictionary<string, string> Topics = new()
    {
        ["bread"] = "Knead the dough, let the yeast rise and bake the loaf in a hot oven.",
        ["sailing"] = "Trim the mainsail when the wind turns and steer the boat into harbour.",
        ["chess"] = "Move the bishop, castle early and protect the king from checkmate.",
        ["gardening"] = "Prune the roses in spring and water the tomato seedlings every morning.",
        ["astronomy"] = "The telescope shows the moons of Jupiter and the rings of Saturn.",
        ["vacuum"] = "Autovacuum removes dead tuples and freezes old transaction identifiers.",
        ["violin"] = "Tune the strings, rosin the bow and practise scales with a metronome.",
        ["taxes"] = "Declare your income, keep the receipts and deduct travel expenses.",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("pgd-documents-").FullName;

    [Theory]
    [InlineData("pgvector.sql")]
    [InlineData("arrays.sql")]
    public async Task Documents_ServerLimitsAndFailsAndWorkerIsKilled_AreAllEmbeddedAndFound(string vectors)
    {
        await using var cluster = await PgCluster.StartAsync(new()
        {
            Worker = true,
            Settings = new Dictionary<string, string>
            {
                ["pg_durable.http_allowed_hosts"] = "127.0.0.1",
                ["pg_durable.http_allow_private_addresses"] = "on",
            },
        });
        if (vectors == "pgvector.sql" && !await cluster.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector')"))
        {
            output.WriteLine("SKIPPED: pgvector is not installed; samples/Embeddings/install-pgvector.sh installs it");
            return;
        }

        foreach (var file in (string[])["schema.sql", vectors])
            await cluster.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples", "Embeddings", file)));
        await using var server = await SampleProcess.StartAsync("Embeddings", "server", "--RequestsPerSecond=1", "--FailEvery=3");
        foreach (var (name, text) in Topics)
            Write(name, string.Join("\n\n", Enumerable.Range(1, Paragraphs).Select(i => $"{text} That is part {i}.")));

        var load = LoadAsync(cluster, server);
        await Poll.UntilAsync("it has begun", () => cluster.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM embeddings.chunks WHERE embedding IS NOT NULL)"), TimeSpan.FromMinutes(1));
        await cluster.KillWorkerAsync();

        var chunks = Topics.Count * Paragraphs;
        Assert.Equal($"{Topics.Count} documents, {chunks} chunks", (await load).Trim());
        Assert.Equal($"{chunks} {chunks}", await cluster.ScalarAsync<string>(
            "SELECT concat_ws(' ', count(*), count(embedding)) FROM embeddings.chunks"));
        var counts = await CountsAsync(server);
        Assert.True(counts.Refused > 0 && counts.Failed > 0, counts.ToString());
        Assert.InRange(counts.Texts, chunks, chunks + 32);
        output.WriteLine($"{vectors}: {counts}");

        foreach (var (question, answer) in new Dictionary<string, string>
        {
            ["how hot is the oven for baking bread?"] = "bread",
            ["who protects the king from checkmate?"] = "chess",
            ["which expenses can I deduct?"] = "taxes",
        })
        {
            var found = await SampleProcess.RunAsync(
                "Embeddings", "search", cluster.ConnectionString(user: "embeddings"), server.Url, question);
            Assert.StartsWith($"{answer}.md", found.Split('\t')[1]);
        }

        // Only what has changed is embedded again.
        Write("chess", "A pawn that reaches the last rank becomes a queen.");
        await LoadAsync(cluster, server);
        Assert.Equal(counts.Texts + 3 + 1, (await CountsAsync(server)).Texts);
        Assert.Equal($"1 {chunks - Paragraphs + 1}", await cluster.ScalarAsync<string>(
            """
            SELECT concat_ws(' ', count(*) FILTER (WHERE d.name = 'chess.md'), count(c.embedding))
              FROM embeddings.chunks c JOIN embeddings.documents d ON d.id = c.document_id
            """));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, $"{name}.md"), text);

    private Task<string> LoadAsync(PgCluster cluster, SampleProcess server) =>
        SampleProcess.RunAsync("Embeddings", "load", cluster.ConnectionString(user: "embeddings", pooling: true), server.Url, _folder);

    private static async Task<(int Refused, int Failed, int Texts)> CountsAsync(SampleProcess server)
    {
        var counts = JsonDocument.Parse(await server.Http.GetStringAsync("/counts")).RootElement;
        return (counts.GetProperty("refused").GetInt32(), counts.GetProperty("failed").GetInt32(), counts.GetProperty("texts").GetInt32());
    }
}
