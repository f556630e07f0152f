namespace PgDurable;

/// <summary>What an action on all instances that match a query would do now.</summary>
/// <param name="Matches">How many instances match the query.</param>
/// <param name="ActedOn">On how many of them the action would act.</param>
/// <param name="IsCapped">Whether there are more: counting stops at 10,000.</param>
public sealed record BulkPreview(long Matches, long ActedOn, bool IsCapped);
