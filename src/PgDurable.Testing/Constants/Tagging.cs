namespace PgDurable.Testing.Constants;

/// <summary>What a call of <c>df.tag</c> sets.</summary>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="Key">The tag's key.</param>
/// <param name="Value">The tag's value, or null to remove it.</param>
internal sealed record Tagging(string InstanceId, string Key, string? Value);
