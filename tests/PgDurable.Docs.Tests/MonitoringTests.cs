using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using YamlDotNet.RepresentationModel;

namespace PgDurable.Docs.Tests;

/// <summary>What docs/monitoring.md and the dashboard for Grafana name exists: metrics, labels, and columns of queries.</summary>
[Collection(ServerCollection.Name)]
public sealed partial class MonitoringTests(DocsCluster cluster)
{
    const string Page = "docs/monitoring.md";

    static readonly Lazy<Task<HashSet<string>>> Exported = new(ExportedAsync);

    static YamlMappingNode Collector => Yaml("collector_name");

    static IEnumerable<string> FromTheDatabase =>
        ((YamlSequenceNode)Collector["metrics"]).Select(metric => metric["metric_name"].ToString());

    [Fact]
    public async Task Table_OfThePage_IsWhatPrometheusGets()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, Page));
        var listed = Row().Matches(text).SelectMany(row => row.Groups[1].Value.EndsWith("_bucket", StringComparison.Ordinal)
            ? new[] { "_bucket", "_sum", "_count" }.Select(end => row.Groups[1].Value.Replace("_bucket", end, StringComparison.Ordinal))
            : [row.Groups[1].Value]);
        Assert.Equal((await Exported.Value).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Alerts_NameWhatIsExported()
    {
        var rules = ((YamlSequenceNode)Yaml("groups")["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]);
        await AssertKnownAsync(rules.Select(rule => rule["expr"].ToString()));
    }

    [Fact]
    public async Task Dashboard_NamesWhatIsExported()
    {
        var json = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs/grafana/pgdurable.json"));
        var texts = JsonNode.Parse(json)!["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
            .SelectMany(target => new[] { (string)target!["expr"]!, (string)target["legendFormat"]! }).ToList();
        Assert.True(texts.Count > 30);
        await AssertKnownAsync(texts);
    }

    [Fact]
    public async Task Collector_Queries_ReturnItsValuesToTheRoleOfThePage()
    {
        var setup = DocumentedPages.Blocks(Page, "sql").First(block => block.Arguments == "admin").Text;
        await cluster.Server.ExecuteAsync(setup.Replace("monitoring", "watcher", StringComparison.Ordinal));
        await using var connection = await cluster.Server.ConnectAsync(user: "watcher");
        foreach (var query in (YamlSequenceNode)Collector["queries"])
        {
            await using var command = new NpgsqlCommand(query["query"].ToString(), connection);
            await using var reader = await command.ExecuteReaderAsync();
            Assert.True(await reader.ReadAsync());
            var metrics = ((YamlSequenceNode)Collector["metrics"]).Where(metric => metric["query_ref"].Equals(query["query_name"]));
            foreach (var value in metrics.Select(metric => metric["values"][0].ToString()))
                Assert.True(Convert.ToDouble(reader[value], CultureInfo.InvariantCulture) >= 0, value);
        }
    }

    static YamlMappingNode Yaml(string key) => DocumentedPages.Blocks(Page, "yaml").Select(DataBlock.Yaml)
        .Single(document => document.Children.ContainsKey(key));

    static async Task AssertKnownAsync(IEnumerable<string> texts)
    {
        HashSet<string> known = [.. await Exported.Value, .. FromTheDatabase, .. Labels()];
        Assert.All(texts.SelectMany(text => Name().Matches(text).Select(name => name.Value)), name => Assert.Contains(name, known));
    }

    // The names of tags are constants.
    static IEnumerable<string> Labels() => new[] { typeof(DurableClient), typeof(PgDurableWorkerServiceCollectionExtensions) }
        .SelectMany(type => type.Assembly.GetTypes())
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(field => field.IsLiteral && field.FieldType == typeof(string))
        .Select(field => ((string)field.GetRawConstantValue()!).Replace('.', '_'))
        .Where(name => name.StartsWith("pgdurable_", StringComparison.Ordinal) || name == "error_type");

    // The names as the exporter writes them, of every instrument that the product makes.
    static async Task<HashSet<string>> ExportedAsync()
    {
        var port = FreePort();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("PgDurable.*")
            .AddPrometheusHttpListener(options => options.Port = port).Build();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("PgDurable.", StringComparison.Ordinal))
                    Record(instrument);
            },
        };
        listener.Start();

        foreach (var type in typeof(DurableClient).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters
            && type.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Any(field => field.FieldType == typeof(Meter))))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        var services = new ServiceCollection().AddLogging().AddMetrics();
        services.AddPgDurableWorker(options => options.ConnectionString = "Host=nowhere;Username=nobody");
        await using var worker = services.BuildServiceProvider();
        _ = worker.GetServices<IHostedService>().ToList();

        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri($"http://localhost:{port}/metrics"));
        return [.. Sample().Matches(text).Select(sample => sample.Groups[1].Value)];
    }

    static void Record(Instrument instrument)
    {
        switch (instrument)
        {
            case Counter<long> counter:
                counter.Add(1);
                break;
            case UpDownCounter<long> gauge:
                gauge.Add(1);
                break;
            case Histogram<double> histogram:
                histogram.Record(1);
                break;
            default:
                throw new NotSupportedException($"{instrument.Name} is a {instrument.GetType()}.");
        }
    }

    static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"^\| `pgdurable\.[\w.]+` \| `(pgdurable_\w+)`", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(pgdurable_\w+|error_type)\b")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(pgdurable_\w+)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
