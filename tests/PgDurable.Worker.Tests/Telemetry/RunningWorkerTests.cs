using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Npgsql;

namespace PgDurable.Worker.Tests.Telemetry;

/// <summary>What a worker that runs tells of its steps.</summary>
public sealed class RunningWorkerTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();
    private PgCluster _cluster = null!;
    private TestUser _user = null!;
    private volatile object? _mine;

    public RunningWorkerTests()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PgDurable.Worker",
            Sample = (ref ActivityCreationOptions<System.Diagnostics.ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _spans.Enqueue,
        };
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "PgDurable.Worker")
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
    }

    public async Task InitializeAsync()
    {
        ActivitySource.AddActivityListener(_activities);
        _meters.Start();
        _cluster = await Clusters.WithExtensionAsync(worker: false);
        _user = await TestUser.CreateAsync(_cluster);
    }

    public async Task DisposeAsync()
    {
        _activities.Dispose();
        _meters.Dispose();
        await _user.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Steps_OfOneInstance_AreSpansAndCounts()
    {
        await using (var worker = await HostedWorker.StartAsync(_cluster.ConnectionString()))
        {
            _mine = worker.Meters;
            var id = await _user.StartGraphAsync(
                "('SELECT 1 AS a' |=> 'one') ~> df.sleep(0) ~> df.try('SELECT 1/0', df.retry('SELECT $one.a', 2))");
            await _user.ResultAsync(id);
            await Poll.UntilAsync("the third step is told of", () => Task.FromResult(Mine(id).Count == 3));

            Assert.Equal(["one completed ", " failed 22012", " completed "], Mine(id).Select(span =>
                $"{span.GetTagItem("pgdurable.step.name")} {span.GetTagItem("pgdurable.outcome")} {span.GetTagItem("error.type")}"));
            Assert.All(Mine(id), span => Assert.Equal("SELECT postgres", span.DisplayName));
        }

        Assert.Equal(2, _sums["pgdurable.worker.steps completed"]);
        Assert.Equal(1, _sums["pgdurable.worker.steps failed"]);
        Assert.Equal(
            3, _sums.Where(sum => sum.Key.StartsWith("pgdurable.worker.step.duration", StringComparison.Ordinal)).Sum(sum => sum.Value));
        Assert.Equal(1, _sums["pgdurable.worker.instances completed"]);
        Assert.Equal(0, _sums["pgdurable.worker.steps.in_flight "]);
        Assert.True(_sums["pgdurable.worker.claims "] >= 1);
    }

    [Fact]
    public async Task Steps_OfAnInstanceStartedInATrace_BelongToIt()
    {
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await _user.ExecuteAsync("SELECT df.register_workflow('leaf', 'SELECT 2')");
        await using var source = NpgsqlDataSource.Create(_cluster.ConnectionString(options: $"-c role={_user.Role}"));
        var client = new DurableClient(source);
        using var request = new Activity("request").Start();
        var inTrace = (await client.StartAsync(Df.Sql("SELECT 1").Then(Df.Call("leaf")))).InstanceId;
        request.Stop();
        Activity.Current = null;
        var inNone = (await client.StartAsync(Df.Sql("SELECT 3"))).InstanceId;
        await _user.ResultAsync(inTrace);
        await _user.ResultAsync(inNone);
        await Poll.UntilAsync("all steps are told of", () => Task.FromResult(
            Mine(inNone).Count == 1 && Mine(inTrace).Count == 1 && Steps().Count(span => span.TraceId == request.TraceId) == 2));

        Assert.Equal((request.TraceId, request.SpanId), (Mine(inTrace).Single().TraceId, Mine(inTrace).Single().ParentSpanId));
        Assert.NotEqual(request.TraceId, Mine(inNone).Single().TraceId);

        List<Activity> Steps() => [.. _spans.Where(span => span.Source.Name == "PgDurable.Worker")];
    }

    // A value from elsewhere is no trace, and no reason to refuse the start.
    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("none", false)]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false)]
    public async Task Start_WithTheSettingOfATrace_KeepsItIfItIsOne(string setting, bool isKept)
    {
        var id = await _user.ScalarAsync<string>(
            "SELECT df.start('SELECT 1') FROM (SELECT set_config('df.traceparent', $1, false) OFFSET 0) s WHERE s.set_config IS NOT NULL",
            setting);
        Assert.Equal(isKept ? setting : "", await _cluster.ScalarAsync<string>(
            $"SELECT coalesce(traceparent, '') FROM df.submissions WHERE id = '{id}'"));
    }

    private List<Activity> Mine(string id) =>
        [.. _spans.Where(span => (string?)span.GetTagItem("pgdurable.instance.id") == id).OrderBy(span => span.StartTimeUtc)];

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.Meter.Scope != _mine)
            return;
        var outcome = "";
        foreach (var tag in tags)
            if (tag.Key == "pgdurable.outcome")
                outcome = (string)tag.Value!;
        _sums.AddOrUpdate($"{instrument.Name} {outcome}", value, (_, sum) => sum + value);
    }
}
