using System.Collections.Concurrent;
using System.Diagnostics;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Steps.Http;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Tests.Telemetry;

public sealed class StepTelemetryTests : IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly StepMetrics _metrics;
    private readonly StepTelemetry _telemetry;
    private readonly SteppingTime _time = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly ActivityListener _listener;

    public StepTelemetryTests()
    {
        _metrics = new StepMetrics(_meters);
        _telemetry = new StepTelemetry(_metrics, _time);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PgDurable.Worker",
            Sample = (ref ActivityCreationOptions<System.Diagnostics.ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            // The source is one for the whole process, and other tests use it.
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("pgdurable.instance.id"), _instance))
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private StepDescription Step(string kind = "SQL", string? workflow = null, string? name = null, string path = "", int attempt = 1) =>
        new(kind, _instance, workflow, name, new ExecutionKey(3, path), attempt);

    [Fact]
    public void StartSql_Completed_IsMeasuredAndTraced()
    {
        var described = Step(workflow: "orders", name: "charge", path: "2:5", attempt: 2);
        using (var step = _telemetry.StartSql(described, "/* secret */ select 'secret'", "shop"))
        {
            _time.Advance(TimeSpan.FromSeconds(1.5));
            step.Complete();
        }

        Assert.Equal(
            [
                "pgdurable.worker.steps.in_flight 1 pgdurable.step.kind=SQL",
                "pgdurable.worker.steps.in_flight -1 pgdurable.step.kind=SQL",
                "pgdurable.worker.steps 1 pgdurable.outcome=completed pgdurable.step.kind=SQL",
                "pgdurable.worker.step.duration 1.5 pgdurable.outcome=completed pgdurable.step.kind=SQL",
            ], _meters.Measurements);
        var span = Assert.Single(_spans);
        Assert.Equal(("SELECT shop", ActivityKind.Client, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(
            [
                "db.namespace=shop", "db.operation.name=SELECT", "db.system.name=postgresql", $"pgdurable.instance.id={_instance}",
                "pgdurable.outcome=completed", "pgdurable.step.attempt=2", "pgdurable.step.kind=SQL", "pgdurable.step.name=charge",
                "pgdurable.step.node=3", "pgdurable.step.path=2:5", "pgdurable.workflow.name=orders",
            ], Tags(span));
    }

    [Fact]
    public void StartSql_Failed_HasTheSqlStateAndNoMessage()
    {
        using (var step = _telemetry.StartSql(Step(), "INSERT INTO t VALUES ('secret')", "shop"))
            step.Fail("23505");

        Assert.Contains("pgdurable.worker.steps 1 error.type=23505 pgdurable.outcome=failed pgdurable.step.kind=SQL", _meters.Measurements);
        var span = Assert.Single(_spans);
        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
        Assert.Equal(["db.response.status_code=23505", "error.type=23505"],
            Tags(span).Where(tag => tag.Contains("23505", StringComparison.Ordinal)));
        Assert.DoesNotContain("secret", string.Join(' ', Tags(span)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secretword 1")]
    [InlineData("\"select\" 1")]
    [InlineData("")]
    public void StartSql_NoKnownOperation_NamesTheDatabaseOnly(string sql)
    {
        _telemetry.StartSql(Step(), sql, "shop").Complete();
        var span = Assert.Single(_spans);
        Assert.Equal(("shop", null), (span.DisplayName, span.GetTagItem("db.operation.name")));
    }

    [Fact]
    public void StartHttp_HasMethodAndHostOnly()
    {
        const string url = "https://user:secret@API.example.com/secret?secret";
        using (var step = _telemetry.StartHttp(Step("HTTP"), "post", url, HttpTarget.TryGetHost))
            step.Fail("DF008");
        var span = Assert.Single(_spans);
        Assert.Equal(("POST", "api.example.com", "DF008"),
            (span.GetTagItem("http.request.method"), span.GetTagItem("server.address"), span.GetTagItem("error.type")));
        Assert.DoesNotContain("secret", span.DisplayName + string.Join(' ', Tags(span)), StringComparison.Ordinal);
        Assert.DoesNotContain(Tags(span), tag => tag.StartsWith("db.", StringComparison.Ordinal));
    }

    [Fact]
    public void StartHttp_UrlThatIsNone_IsNoError()
    {
        _telemetry.StartHttp(Step("HTTP"), "GET secret", "mailto:secret", HttpTarget.TryGetHost).Complete();
        Assert.DoesNotContain("secret", string.Join(' ', Tags(Assert.Single(_spans))), StringComparison.Ordinal);
    }

    [Fact]
    public void StartHttp_MethodThatIsNone_IsNotRepeated()
    {
        _telemetry.StartHttp(Step("HTTP"), "secret", "https://api.example.com/", HttpTarget.TryGetHost).Complete();
        Assert.Equal("_OTHER", Assert.Single(_spans).GetTagItem("http.request.method"));
    }

    [Fact]
    public void Dispose_WithoutAnEnd_IsACancellation()
    {
        _telemetry.StartSql(Step(), "SELECT 1", "shop").Dispose();
        Assert.Contains("pgdurable.worker.steps 1 pgdurable.outcome=cancelled pgdurable.step.kind=SQL", _meters.Measurements);
        Assert.Equal("cancelled", Assert.Single(_spans).GetTagItem("pgdurable.outcome"));
    }

    [Fact]
    public void End_Twice_CountsOnce()
    {
        var step = _telemetry.StartSql(Step(), "SELECT 1", "shop");
        step.Fail("DF005");
        step.Complete();
        step.Dispose();
        Assert.Single(_meters.Measurements, measurement => measurement.StartsWith("pgdurable.worker.steps ", StringComparison.Ordinal));
        Assert.Single(_spans);
    }

    [Fact]
    public void Start_NobodyListens_MeasuresWithoutASpan()
    {
        _listener.Dispose();
        _telemetry.StartSql(Step(), "SELECT 1", "shop").Complete();
        Assert.Empty(_spans);
        Assert.Equal(4, _meters.Measurements.Count);
    }

    [Fact]
    public void Instances_AreCounted()
    {
        _metrics.InstanceClaimed();
        _metrics.InstanceParked();
        foreach (var end in Enum.GetValues<InstanceEnd>())
            _metrics.InstanceEnded(end);
        Assert.Equal(
            [
                "pgdurable.worker.claims 1", "pgdurable.worker.parked 1", "pgdurable.worker.instances 1 pgdurable.outcome=completed",
                "pgdurable.worker.instances 1 pgdurable.outcome=failed", "pgdurable.worker.instances 1 pgdurable.outcome=cancelled",
            ], _meters.Measurements);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
    }

    private static IEnumerable<string> Tags(Activity span) =>
        span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);

    private sealed class SteppingTime : TimeProvider
    {
        private TimeSpan _elapsed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _elapsed += by;

        public override long GetTimestamp() => _elapsed.Ticks;
    }
}
