namespace PgDurable.Testing.Constants;

/// <summary>What a call of <c>df.publish</c> publishes.</summary>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="Json">The value as JSON.</param>
internal sealed record Publication(string InstanceId, string Json);
