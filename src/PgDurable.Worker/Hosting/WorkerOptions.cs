namespace PgDurable.Worker.Hosting;

/// <summary>Settings of a worker.</summary>
public sealed class WorkerOptions
{
    /// <summary>
    /// How to connect to the database that holds the workflows. With the extension's C module, connect as a superuser: every role's
    /// instances run with that role's rights. Without it, connect as the role whose instances should run. The worker needs connections of
    /// its own, so don't connect through a pooler that shares them between transactions.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How many steps run at the same time, each on a connection of its own. From 1 to 1000; 10 by default.</summary>
    public int MaxConcurrentSteps { get; set; } = 10;

    /// <summary>
    /// The maximum size of a step's result in bytes of JSON. A larger result fails the step. From 1 KiB to 512 MiB; 16 MiB by default.
    /// </summary>
    public long MaxResultBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How often an idle worker looks for work without being notified. From 10 ms to 1 h; 1 s by default.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the worker gives a sign of life and looks for dead workers. From 100 ms to 1 min; 1 s by default.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a worker that still has its connection may be silent before others take over its instances. From 2 s to 1 h; 15 s by
    /// default. The end of a worker's process is noticed at once.
    /// </summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a connection may wait for a server that it no longer reaches, because a firewall drops what is sent or a machine is gone.
    /// From 1 s to 1 h; 10 s by default. A long-running statement is not cut off: the worker asks the server whether it still runs.
    /// </summary>
    public TimeSpan DeadConnectionLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long running steps may take to finish when the worker stops. Then they are cancelled and rolled back. From 0 to 1 h; 8 s by
    /// default.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Whether the worker logs each step's statement, including the values that steps pass on, with its role and database. Off by default.
    /// The extension's worker follows <c>pg_durable.log_workflow_sql</c>.
    /// </summary>
    public bool LogWorkflowSql { get; set; }

    /// <summary>Whether the server's setting replaces <see cref="MaxResultBytes"/>, even if it changes later.</summary>
    internal bool FollowsServer { get; set; }

    /// <summary>Whether the extension has started the worker, which then serves nothing else.</summary>
    internal bool ExtensionOnly { get; set; }

    /// <summary>How long an idle worker waits inside the server at once. Meanwhile vacuum keeps what the wait may see.</summary>
    internal TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(1);
}
