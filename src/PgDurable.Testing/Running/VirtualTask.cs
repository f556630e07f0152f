using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Running;

/// <summary>The row of a task.</summary>
internal sealed class VirtualTask(VirtualInstance instance, TaskRecord record)
{
    public VirtualInstance Instance => instance;

    public Command.StartTask Start => record.Task;

    /// <summary>The same in each attempt and delivery, made as <c>df._record_tasks</c> makes it.</summary>
    public Guid IdempotencyKey { get; } = KeyOf(instance, record);

    /// <summary>How often it was claimed.</summary>
    public int Delivery { get; set; }

    /// <summary>The reported progress, or null if there is none.</summary>
    public string? ProgressJson { get; set; }

    /// <summary>How it ended, or null if it hasn't.</summary>
    public TaskRow? End { get; set; }

    /// <summary>Whether its end is still wanted.</summary>
    public bool IsOpen => End is null && !instance.HasEnded && instance.Tasks.GetValueOrDefault(Start.Execution) == this;

    private static Guid KeyOf(VirtualInstance instance, TaskRecord record)
    {
        var ticks = (instance.StartedAt - DateTimeOffset.UnixEpoch).Ticks;
        var seconds = (decimal)ticks / TimeSpan.TicksPerSecond;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{instance.Facts.Id}|{seconds:0.000000}|{record.Task.Execution.Node}|{record.KeyPath}");
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16), bigEndian: true);
    }
}
