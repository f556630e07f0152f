namespace PgDurable.Worker.Store;

/// <summary>An instance that this worker has claimed.</summary>
/// <param name="InstanceNo">Internal key.</param>
/// <param name="Id">The id that users see.</param>
/// <param name="GraphId">Its graph; NULL when the submission names a graph that its role does not own.</param>
/// <param name="RoleOid">The submitting role.</param>
/// <param name="RoleName">That role's name; NULL when it no longer exists.</param>
/// <param name="Superuser">Whether that role is a superuser.</param>
/// <param name="Resumed">Whether it was claimed before, so that there may be checkpoints.</param>
/// <param name="Input">The input as JSON.</param>
internal sealed record ClaimedInstance(
    long InstanceNo, string Id, long? GraphId, uint RoleOid, string? RoleName, bool Superuser, bool Resumed, string? Input);
