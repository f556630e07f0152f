namespace PgDurable.Cli.Doctor;

/// <summary>How serious something is.</summary>
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Nothing runs, or not as it should.</summary>
    Problem,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Severity">How serious it is.</param>
/// <param name="Message">How it is.</param>
/// <param name="Advice">What to do; null for nothing.</param>
internal sealed record Diagnosis(string Name, Severity Severity, string Message, string? Advice = null)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BacklogTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Looks at everything.</summary>
    public static IReadOnlyList<Diagnosis> Of(Patient patient) =>
    [
        Schema(patient), Extension(patient), Worker(patient), Clock(patient), Backlog(patient),
        Instances("stuck", patient.Stuck, Severity.Problem, "have been in one step for more than an hour",
            "See which statement runs: SELECT * FROM df.running. `pgdurable cancel` stops it; a time limit is df.timeout."),
        Instances("restored", patient.Restored, Severity.Problem, "come from a dump and are held", "Once the restore is complete, a superuser runs SELECT df.resume_restored()."),
        Instances("paused", patient.Paused, Severity.Warning, "have been paused for more than a day", "`pgdurable resume` or `pgdurable cancel` them."),
        Instances("failed", patient.Failed, Severity.Warning, "failed within a day", "`pgdurable show` says why; `pgdurable retry` lets them go on once the cause is gone."),
    ];

    private static Diagnosis Schema(Patient patient) => new HealthState(patient.SchemaVersion, 0, null, 0, null).FitsThisPackage
        ? new("schema", Severity.Ok, $"version {patient.SchemaVersion}")
        : new("schema", Severity.Problem, $"version {patient.SchemaVersion}; this tool is of version {PgDurableSchema.Version}",
            "ALTER EXTENSION pg_durable UPDATE, or use the tool of that version.");

    private static Diagnosis Extension(Patient patient) => (patient.HasExtension, patient.IsLoaded) switch
    {
        (true, true) => new("extension", Severity.Ok, "installed and loaded"),
        (true, false) => new("extension", Severity.Problem, "installed, but not loaded: the server starts no worker",
            "Put pg_durable into shared_preload_libraries in postgresql.conf and restart the server."),
        _ => new("extension", Severity.Ok, "not installed: an application hosts the worker (AddPgDurableWorker)"),
    };

    private static Diagnosis Worker(Patient patient) => patient.Workers > 0
        ? new("worker", Severity.Ok, $"{patient.Workers} alive")
        : new("worker", Severity.Problem, patient.SilentFor is { } silence ? $"none alive, for {Lines.Duration(silence)}" : "none alive",
            patient.HasExtension
                ? "Is pg_durable.database this database, and pg_durable.worker on? The server's log says why a worker does not start."
                : "Start the application that hosts it (AddPgDurableWorker).");

    private static Diagnosis Clock(Patient patient)
    {
        // The server answered at some time during the round trip.
        var skew = (patient.ServerTime - (patient.LocalTime - (patient.RoundTrip / 2))).Duration();
        return skew <= ClockTolerance + patient.RoundTrip
            ? new("clock", Severity.Ok, "the server's and this machine's agree")
            : new("clock", Severity.Warning, $"the server's and this machine's differ by {Lines.Duration(skew)}",
                "Synchronise both (NTP): timers and schedules go by the server's and the worker's clock.");
    }

    private static Diagnosis Backlog(Patient patient) => patient.DueFor > BacklogTolerance
        ? new("backlog", Severity.Problem, $"{patient.Due} instances are due and not taken up, the oldest for {Lines.Duration(patient.DueFor.Value)}",
            patient.Workers > 0 ? "The worker is busy: look for slow statements in df.running, or raise pg_durable.max_user_connections." : "Nothing runs without a worker.")
        : new("backlog", Severity.Ok, patient.Due == 0 ? "none" : $"{patient.Due} instances are due, for less than a minute");

    private static Diagnosis Instances(string name, string[] ids, Severity severity, string what, string advice) => ids.Length == 0
        ? new(name, Severity.Ok, "none")
        : new(name, severity, $"{(ids.Length == 100 ? "100 or more" : ids.Length)} instances {what}: {string.Join(", ", ids.Take(10))}{(ids.Length > 10 ? ", …" : "")}", advice);
}
