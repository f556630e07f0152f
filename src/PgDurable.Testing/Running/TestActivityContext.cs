using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PgDurable.Testing.Running;

/// <summary>What an activity knows about its step in a test.</summary>
/// <param name="task">The step's task.</param>
internal sealed class TestActivityContext(VirtualTask task) : ActivityContext
{
    private const int MaxProgressBytes = 8192;

    public override string Activity => task.Start.Name;

    public override string InstanceId => task.Instance.Facts.Id;

    public override int Attempt => task.Start.Attempt;

    public override int Delivery { get; } = task.Delivery;

    public override Guid IdempotencyKey => task.IdempotencyKey;

    public override DateTimeOffset? Deadline => task.Start.Deadline;

    public override JsonElement? Progress { get; } = task.ProgressJson is { } json ? WorkflowTest.ReadJson(json) : null;

    public override ILogger Logger => NullLogger.Instance;

    public override Task ReportProgressAsync(JsonElement progress, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var json = progress.GetRawText();
        if (Encoding.UTF8.GetByteCount(json) > MaxProgressBytes)
            throw new ArgumentException($"Progress must be at most {MaxProgressBytes} bytes of JSON.", nameof(progress));
        task.ProgressJson = json;
        return Task.CompletedTask;
    }
}
