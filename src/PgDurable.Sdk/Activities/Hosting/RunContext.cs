using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace PgDurable;

/// <summary>The context of an activity that runs in an application.</summary>
internal sealed class RunContext(TaskRun run, TaskReporter reporter, ILogger logger) : ActivityContext
{
    private const int MostProgressBytes = 8192;

    private readonly Lazy<JsonElement?> _progress =
        new(() => run.Task.ProgressJson is { } json ? JsonElement.Parse(json) : null, LazyThreadSafetyMode.PublicationOnly);

    public override string Activity => run.Task.Activity;

    public override string InstanceId => run.Task.InstanceId;

    public override int Attempt => run.Task.Attempt;

    public override int Delivery => run.Task.Delivery;

    public override Guid IdempotencyKey => run.Task.IdempotencyKey;

    public override DateTimeOffset? Deadline => run.Task.Deadline;

    public override JsonElement? Progress => _progress.Value;

    public override ILogger Logger => logger;

    public override async Task ReportProgressAsync(JsonElement progress, CancellationToken ct = default)
    {
        var json = progress.GetRawText();
        if (Encoding.UTF8.GetByteCount(json) > MostProgressBytes)
            throw new ArgumentException($"Progress must be at most {MostProgressBytes} bytes of JSON.", nameof(progress));
        if (run.IsLost)
            throw new OperationCanceledException(run.StopToken);
        var report = new Report.Progress(run, json);
        reporter.Tell(report);
        await report.Recorded.WaitAsync(ct).ConfigureAwait(false);
    }
}
