namespace PgDurable;

/// <summary>How far an action on all instances that match a query is.</summary>
/// <param name="Done">On how many instances it has acted.</param>
/// <param name="Failed">On how many it could not act, for example because they had just ended.</param>
/// <param name="Seen">How many it has looked at. Some of them needed nothing.</param>
/// <param name="Expected">On how many it would have acted when it was requested. Counting stopped at 10,000.</param>
/// <param name="IsCapped">Whether there were more than <paramref name="Expected"/>.</param>
/// <param name="LastError">Why it could not act on the last of those that failed; null if none failed.</param>
public sealed record BulkProgress(long Done, long Failed, long Seen, long Expected, bool IsCapped, string? LastError);
