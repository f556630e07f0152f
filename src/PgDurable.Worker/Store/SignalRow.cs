namespace PgDurable.Worker.Store;

/// <summary>A signal that no wait has taken yet.</summary>
internal sealed record SignalRow(long InstanceNo, long SignalNo, string Name, string DataJson, DateTimeOffset SentAt);
