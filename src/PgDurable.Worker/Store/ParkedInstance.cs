namespace PgDurable.Worker.Store;

/// <summary>An instance that waits and is given back.</summary>
/// <param name="InstanceNo">The instance.</param>
/// <param name="DueAt">When it is to be claimed again; NULL when only a signal, a child or df.resume can wake it.</param>
/// <param name="WaitsJson">What it waits for, as <c>df.queue.waits</c> has it: an array.</param>
internal sealed record ParkedInstance(long InstanceNo, DateTimeOffset? DueAt, string WaitsJson);
