namespace PgDurable.Doctor;

/// <summary>The severity of a diagnosis.</summary>
internal enum Severity
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>Something deserves attention.</summary>
    Warning,

    /// <summary>Workflows don't run, or don't run properly.</summary>
    Problem,
}

/// <summary>The result of one check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to do, or null if nothing needs to be done.</param>
internal sealed record Diagnosis(string Name, Severity Severity, string Message, string? Advice = null)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BacklogTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Runs all checks.</summary>
    public static IReadOnlyList<Diagnosis> Of(Patient patient, IReadOnlyList<ActivityTasks> tasks) =>
    [
        Schema(patient), Extension(patient), Worker(patient), Clock(patient), Backlog(patient), .. Tasks(tasks),
        Instances(
            "stuck", patient.Stuck, Severity.Problem, "in one step for more than an hour",
            "To see the running statements, SELECT * FROM df.running. `pgdurable cancel` stops an instance; df.timeout sets a time limit."),
        Instances(
            "restored", patient.Restored, Severity.Problem, "restored from a dump and on hold",
            "Once the restore is complete, run SELECT df.resume_restored() as a superuser."),
        Instances(
            "paused", patient.Paused, Severity.Warning, "paused for more than a day", "Run `pgdurable resume` or `pgdurable cancel`."),
        Instances(
            "failed", patient.Failed, Severity.Warning, "failed in the last 24 hours",
            "`pgdurable show` says why. Fix the cause, then run `pgdurable retry`."),
    ];

    private static Diagnosis Schema(Patient patient) => HealthState.Fits(patient.SchemaVersion)
        ? new("schema", Severity.Ok, $"version {patient.SchemaVersion}")
        : new("schema", Severity.Problem, $"version {patient.SchemaVersion}, but this tool has version {PgDurableSchema.Version}",
            "Run ALTER EXTENSION pg_durable UPDATE, or use the tool of the schema's version.");

    private static Diagnosis Extension(Patient patient) => (patient.HasExtension, patient.IsLoaded) switch
    {
        (true, true) => new("extension", Severity.Ok, "installed and loaded"),
        (true, false) => new("extension", Severity.Problem, "installed, but not loaded: the server doesn't start a worker",
            "Add pg_durable to shared_preload_libraries in postgresql.conf and restart the server."),
        _ => new("extension", Severity.Ok, "not installed: an application hosts the worker (AddPgDurableWorker)"),
    };

    private static Diagnosis Worker(Patient patient) => patient.Workers > 0
        ? new("worker", Severity.Ok, $"{patient.Workers} running")
        : new("worker", Severity.Problem,
            patient.SilentFor is { } silence ? $"none running; the last one was seen {Lines.Duration(silence)} ago" : "none running",
            patient.HasExtension
                ? "Is pg_durable.database set to this database, and is pg_durable.worker on? See the server log for why no worker starts."
                : "Start the application that hosts the worker (AddPgDurableWorker).");

    private static Diagnosis Clock(Patient patient)
    {
        // The server read its clock at some time during the round trip.
        var skew = (patient.ServerTime - (patient.LocalTime - (patient.RoundTrip / 2))).Duration();
        return skew <= ClockTolerance + patient.RoundTrip
            ? new("clock", Severity.Ok, "the clocks of the server and this machine agree")
            : new("clock", Severity.Warning, $"the clocks of the server and this machine differ by {Lines.Duration(skew)}",
                "Synchronize both with NTP: timers and schedules use the clocks of the server and the worker.");
    }

    private static Diagnosis Backlog(Patient patient) => patient.DueFor > BacklogTolerance
        ? new(
            "backlog", Severity.Problem,
            $"{Lines.Count(patient.Due, "instance")} due but not picked up, the oldest for {Lines.Duration(patient.DueFor.Value)}",
            patient.Workers > 0
                ? "The worker is busy. Look for slow statements in df.running, or raise pg_durable.max_user_connections."
                : "Start a worker: without one, nothing runs.")
        : new("backlog", Severity.Ok, patient.Due == 0 ? "none" : $"{Lines.Count(patient.Due, "instance")} due, for at most a minute");

    private static IEnumerable<Diagnosis> Tasks(IReadOnlyList<ActivityTasks> all)
    {
        foreach (var each in all.Where(each => each.Late > 0))
        {
            yield return new("tasks", Severity.Problem,
                $"{each.Title}: {Lines.Count(each.Late, "task")} unclaimed for more than a minute, the oldest for " +
                Lines.Duration(each.WaitingFor),
                each.Running == 0
                    ? "Start the application that runs this activity (AddPgDurableActivities), or the program that calls " +
                      "df.claim_tasks for it. If it is running, is the activity's name or queue misspelled? Does it connect as a role " +
                      "that may claim the task (df.grant_tasks)?"
                    : $"{Lines.Count(each.Running, "other task")} of it {(each.Running == 1 ? "is" : "are")} running. Start more " +
                      "processes that run it, or let each run more tasks at a time.");
        }

        foreach (var each in all.Where(each => each.Redelivered > 0))
        {
            yield return new("tasks", Severity.Warning,
                $"{each.Title}: {Lines.Count(each.Redelivered, "task")} claimed {ActivityTasks.ManyDeliveries} times or more without " +
                $"an end, of {string.Join(", ", each.RedeliveredOf)}{(each.Redelivered > each.RedeliveredOf.Length ? ", …" : "")}",
                "Each time, its process died or lost its lease. Look for the reason in the process's log. After 10 claims, the database " +
                "fails the task.");
        }

        if (all.Count == 0)
            yield return new("tasks", Severity.Ok, "none unclaimed for more than a minute");
    }

    private static Diagnosis Instances(string name, string[] ids, Severity severity, string what, string advice) => ids.Length == 0
        ? new(name, Severity.Ok, "none")
        : new(
            name, severity,
            $"{(ids.Length == 100 ? "100 or more instances" : Lines.Count(ids.Length, "instance"))} {what}: " +
            $"{string.Join(", ", ids.Take(10))}{(ids.Length > 10 ? ", …" : "")}",
            advice);
}
