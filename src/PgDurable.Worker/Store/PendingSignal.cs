namespace PgDurable.Worker.Store;

/// <summary>A signal that no wait has taken yet.</summary>
/// <param name="InstanceNo">The instance that it was sent to.</param>
/// <param name="SignalNo">Its number, ascending.</param>
/// <param name="Name">Its name.</param>
/// <param name="DataJson">Its payload.</param>
internal sealed record PendingSignal(long InstanceNo, long SignalNo, string Name, string DataJson);
