namespace PgDurable;

/// <summary>What <see cref="DurableClient.MigrateAsync"/> did with an instance, or would do.</summary>
/// <param name="InstanceId">The instance's id: eight lowercase hexadecimal digits.</param>
/// <param name="IsMoved">Whether it goes on with the new version.</param>
/// <param name="Reason">Why it stays with its version, or null if it was moved.</param>
public sealed record MigratedInstance(string InstanceId, bool IsMoved, string? Reason);
