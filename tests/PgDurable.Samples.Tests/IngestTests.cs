using PgDurable.TestKit;

namespace PgDurable.Samples.Tests;

/// <summary>samples/Ingest: application and worker are killed, files are rejected and canceled, and the prices are right.</summary>
public sealed class IngestTests : IAsyncLifetime
{
    private const int Lines = 2000;

    private readonly string _folder = Directory.CreateTempSubdirectory("pgd-ingest-").FullName;
    private PgCluster _cluster = null!;
    private SampleProcess _application = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(new() { Worker = true });
        await _cluster.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples", "Ingest", "schema.sql")));
        _application = await StartAsync();
    }

    [Fact]
    public async Task Files_KilledRejectedAndCanceled_LeaveTheRightPrices()
    {
        for (var i = 0; i < 4; i++)
            Drop($"good{i}", Prices(i * Lines, price: i + 1));
        Drop("bad", [.. Prices(9 * Lines, price: 9), "sku-x;cheap", "sku-y"]);
        await Poll.UntilAsync("it has begun", () => _cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM ingest.files)"));
        await _application.KillAsync();
        await _cluster.KillWorkerAsync();
        _application = await StartAsync();

        await UntilAsync("bad", "rejected");
        Assert.Equal($"2 bad lines; the first is line {Lines + 1}: sku-x;cheap", await _cluster.ScalarAsync<string>(
            "SELECT problem FROM ingest.files WHERE name = 'bad.csv'"));
        for (var i = 0; i < 4; i++)
        {
            await UntilAsync($"good{i}", "in review");
            await ReviewAsync($"good{i}", accepted: true);
            await UntilAsync($"good{i}", "accepted");
        }

        Assert.Equal([(1m, Lines), (2m, Lines), (3m, Lines), (4m, Lines)], await PricesAsync());
        Assert.Equal(["bad.csv"], Directory.EnumerateFiles(Path.Combine(_folder, "inbox")).Select(Path.GetFileName));

        // Three that replace prices and bring new ones: one is rejected, one canceled, and one can't be put away.
        var replacing = Prices(0, price: 50).Concat(Prices(20 * Lines, price: 51)).ToArray();
        Drop("rejected", replacing);
        await UntilAsync("rejected", "in review");
        Assert.Equal([(2m, Lines), (3m, Lines), (4m, Lines), (50m, Lines), (51m, Lines)], await PricesAsync());
        await ReviewAsync("rejected", accepted: false);
        await UntilAsync("rejected", "rejected");

        Drop("canceled", replacing);
        await UntilAsync("canceled", "in review");
        await AsApplicationAsync("SELECT df.cancel(id) FROM df.search('file:canceled.csv')");
        await UntilAsync("canceled", "withdrawn");

        Drop("gone", replacing);
        await UntilAsync("gone", "in review");
        File.Delete(Path.Combine(_folder, "inbox", "gone.csv"));
        await ReviewAsync("gone", accepted: true);
        await UntilAsync("gone", "rejected");

        Assert.Equal([(1m, Lines), (2m, Lines), (3m, Lines), (4m, Lines)], await PricesAsync());
        Assert.Equal("8 8 0", await _cluster.ScalarAsync<string>(
            "SELECT concat_ws(' ', count(*), count(DISTINCT name), (SELECT count(*) FROM ingest.replaced)) FROM ingest.files"));
    }

    public async Task DisposeAsync()
    {
        await _application.DisposeAsync();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string[] Prices(int first, int price) => [.. Enumerable.Range(first, Lines).Select(i => $"sku-{i};{price}")];

    private Task<SampleProcess> StartAsync() =>
        SampleProcess.StartAsync("Ingest", _cluster.ConnectionString(user: "ingest", pooling: true), _folder);

    // Written under another name first: the application must not see half a file.
    private void Drop(string name, string[] lines)
    {
        var file = Path.Combine(_folder, "inbox", name);
        File.WriteAllLines($"{file}.tmp", lines);
        File.Move($"{file}.tmp", $"{file}.csv");
    }

    private async Task UntilAsync(string name, string status)
    {
        try
        {
            await Poll.UntilAsync($"{name} is {status}", () => _cluster.ScalarAsync<bool>(
                $"SELECT EXISTS (SELECT FROM ingest.files WHERE name = '{name}.csv' AND status = '{status}')"), TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException error)
        {
            var why = await _cluster.ScalarAsync<object>($"SELECT string_agg(df.why(id), '; ') FROM df.search('file:{name}.csv')");
            throw new InvalidOperationException($"{error.Message}\n{why}\n{_application.Output}", error);
        }
    }

    private Task ReviewAsync(string name, bool accepted) => AsApplicationAsync(
        $$"""
          SELECT df.signal(id, 'review', '{"accepted": {{(accepted ? "true" : "false")}}, "by": "rita"}')
            FROM df.search('file:{{name}}.csv')
          """);

    private Task AsApplicationAsync(string sql) => _cluster.ExecuteAsync($"SET SESSION AUTHORIZATION ingest; {sql}");

    private async Task<IReadOnlyList<(decimal Price, int Count)>> PricesAsync()
    {
        var all = new List<(decimal, int)>();
        await using var connection = await _cluster.ConnectAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "SELECT price, count(*)::int FROM ingest.prices GROUP BY 1 ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            all.Add((reader.GetDecimal(0), reader.GetInt32(1)));
        return all;
    }
}
