namespace PgDurable;

/// <summary>A task that this process has claimed: a row of <c>df.claim_tasks</c>.</summary>
/// <param name="Id">The task's number.</param>
/// <param name="Token">Proves the claim.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="InputJson">The input.</param>
/// <param name="InstanceId">The instance that waits for the task.</param>
/// <param name="Attempt">The attempt of the step's retry policy, from 1.</param>
/// <param name="Delivery">How often the attempt was claimed, from 1.</param>
/// <param name="IdempotencyKey">The same for each attempt and delivery.</param>
/// <param name="Deadline">When the step's time is up, by the database's clock, or null without a limit.</param>
/// <param name="LeaseUntil">When the lease ends, by the database's clock.</param>
/// <param name="ProgressJson">What an earlier delivery reported, or null.</param>
internal sealed record ClaimedTask(
    long Id, Guid Token, string Activity, string InputJson, string InstanceId, int Attempt, int Delivery, Guid IdempotencyKey,
    DateTimeOffset? Deadline, DateTimeOffset LeaseUntil, string? ProgressJson)
{
    /// <summary>The time from the claim to the deadline. Both are the database's, so that its clock may differ from ours.</summary>
    /// <param name="lease">The lease that was claimed.</param>
    public TimeSpan? TimeLeft(TimeSpan lease) => Deadline - (LeaseUntil - lease);
}
