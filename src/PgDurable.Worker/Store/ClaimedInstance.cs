namespace PgDurable.Worker.Store;

/// <summary>An instance that this worker has claimed, or that it holds already and for which something new has arrived.</summary>
/// <param name="InstanceNo">Internal key.</param>
/// <param name="Id">The id that users see.</param>
/// <param name="GraphId">Its graph; <c>null</c> if the submission names a graph that its role doesn't own.</param>
/// <param name="RoleOid">The submitting role.</param>
/// <param name="RoleName">That role's name; <c>null</c> if it no longer exists.</param>
/// <param name="Superuser">Whether that role is a superuser.</param>
/// <param name="Resumed">Whether it was claimed before, so that there may be checkpoints.</param>
/// <param name="Input">The input as JSON.</param>
/// <param name="Label">The label given to <c>df.start</c>.</param>
/// <param name="Vars">The captured variables as a JSON object.</param>
/// <param name="Database">The database that its steps run in; <c>null</c> is this one.</param>
/// <param name="Workflow">The registered workflow that it runs; <c>null</c> for an ad-hoc graph.</param>
/// <param name="StartedAt">When it was first claimed.</param>
/// <param name="Now">The database's time at this claim.</param>
/// <param name="Paused">Whether it is paused.</param>
/// <param name="Retried">Whether it had failed and is to continue at the failed step.</param>
/// <param name="ResumedAt">When it was retried last, if it has not failed since; or else when it was forked, if it was.</param>
/// <param name="Held">Whether it was in this worker's hands already.</param>
/// <param name="Lane">The lane of the queue that it was in.</param>
/// <param name="Bytes">The approximate size of the results that it has recorded.</param>
internal sealed record ClaimedInstance(
    long InstanceNo, string Id, long? GraphId, uint RoleOid, string? RoleName, bool Superuser, bool Resumed, string? Input, string? Label,
    string? Vars, string? Database, string? Workflow, DateTimeOffset StartedAt, DateTimeOffset Now, bool Paused, bool Retried,
    DateTimeOffset? ResumedAt, bool Held, short Lane = 0, long Bytes = 0)
{
    /// <summary>The trace that its start belongs to, in the form of W3C Trace Context; <c>null</c> if there is none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether a worker or a session died while it, or one of its steps, was in hand.</summary>
    public bool WasInHandAtADeath { get; init; }

    /// <summary>Why its row could not be read; then most of the rest is missing.</summary>
    public Exception? Defect { get; init; }
}
