using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace PgDurable;

/// <summary>What an activity knows about the step that it runs for.</summary>
public abstract class ActivityContext
{
    /// <summary>The activity's name.</summary>
    public abstract string Activity { get; }

    /// <summary>The id of the workflow instance that the step belongs to.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The attempt of the step's retry policy, from 1. Without a policy, it is 1.</summary>
    public abstract int Attempt { get; }

    /// <summary>
    /// How often this attempt was claimed, from 1. More than 1 means that a process died or lost its lease while it ran the activity, so
    /// parts of the work may have been done.
    /// </summary>
    public abstract int Delivery { get; }

    /// <summary>
    /// Identifies the step towards other systems: the same in every attempt and delivery, different for each iteration and item.
    /// </summary>
    public abstract Guid IdempotencyKey { get; }

    /// <summary>When the step's time is up, by the database's clock, or null if it has no time limit.</summary>
    public abstract DateTimeOffset? Deadline { get; }

    /// <summary>What an earlier delivery of this attempt reported as its progress, or null.</summary>
    public abstract JsonElement? Progress { get; }

    /// <summary>A logger whose scope has the instance's id, the activity's name and the attempt.</summary>
    public abstract ILogger Logger { get; }

    /// <summary>Records how far the activity has come. <c>df.tasks</c> shows it, and the next delivery can read it.</summary>
    /// <param name="progress">Any JSON, at most 8,192 bytes.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the progress is recorded.</returns>
    /// <exception cref="ArgumentException">The JSON is too large.</exception>
    /// <exception cref="OperationCanceledException">The lease is lost, or the result is no longer wanted.</exception>
    public abstract Task ReportProgressAsync(JsonElement progress, CancellationToken ct = default);

    /// <summary>Records how far the activity has come, as text.</summary>
    /// <param name="progress">The text: at most 8,192 bytes as JSON.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>A task that ends when the progress is recorded.</returns>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    /// <exception cref="OperationCanceledException">The lease is lost, or the result is no longer wanted.</exception>
    public Task ReportProgressAsync(string progress, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return ReportProgressAsync(JsonElement.Parse($"\"{JsonEncodedText.Encode(progress)}\""), ct);
    }
}
