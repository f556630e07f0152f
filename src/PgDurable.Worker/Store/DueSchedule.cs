namespace PgDurable.Worker.Store;

/// <summary>A schedule that is due, or will be within a second.</summary>
/// <param name="ScheduleNo">Internal key.</param>
/// <param name="Pass">Counts what workers have done. A tick counts only in the pass in which it was planned.</param>
/// <param name="Revision">Counts what its owner has done.</param>
/// <param name="Name">Its name.</param>
/// <param name="Cron">The cron expression.</param>
/// <param name="TimeZone">The name of the time zone; <c>null</c> is UTC.</param>
/// <param name="CatchUp"><c>skip</c>, <c>one</c> or <c>all</c>.</param>
/// <param name="DealtWith">Every tick up to this time has been dealt with.</param>
/// <param name="DueAt">When it is due.</param>
/// <param name="Now">The database's time.</param>
internal sealed record DueSchedule(
    long ScheduleNo, long Pass, int Revision, string Name, string Cron, string? TimeZone, string CatchUp,
    DateTimeOffset DealtWith, DateTimeOffset DueAt, DateTimeOffset Now);
