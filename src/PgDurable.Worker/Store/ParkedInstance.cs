namespace PgDurable.Worker.Store;

/// <summary>An instance that has nothing to do before a moment, a signal or a child's end.</summary>
/// <param name="InstanceNo">The instance.</param>
/// <param name="Due">When it is due again; <c>null</c> if it doesn't wait for a time.</param>
/// <param name="WaitsJson">What it waits for, as <c>df.waiting</c> shows it.</param>
internal sealed record ParkedInstance(long InstanceNo, DateTimeOffset? Due, string WaitsJson);
