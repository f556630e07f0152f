namespace PgDurable.Worker.Hosting;

/// <summary>Settings of a worker.</summary>
public sealed class WorkerOptions
{
    /// <summary>
    /// How to connect to the database that holds the workflows. With the extension's C module: as a superuser, and every role's instances are run with
    /// that role's rights. Without it: as the role whose instances are to be run. The worker needs connections of its own, so not through a pooler that
    /// shares them between transactions.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How many steps run side by side, each on a connection of its own. 1 to 1000; default 10.</summary>
    public int MaxConcurrentSteps { get; set; } = 10;

    /// <summary>The largest result of a step, in bytes of JSON; a larger one fails the step. 1 kB to 512 MiB; default 16 MiB.</summary>
    public long MaxResultBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long an idle worker waits before it looks for work without having been notified. 10 ms to 1 h; default 1 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the worker gives a sign of life and looks for dead ones. 100 ms to 1 min; default 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a worker that still has its connection may be silent before others take over its instances. 2 s to 1 h; default 15 s. A worker whose process
    /// ended is recognised at once.
    /// </summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a connection may go on waiting for a server that does not hear it any more, because a firewall drops what is sent, or a machine is gone. 1 s to 1 h; default 10 s. A
    /// statement that runs for hours is no reason: the server is asked whether it still runs.
    /// </summary>
    public TimeSpan DeadConnectionLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running steps may take to finish when the worker stops; then they are cancelled and rolled back. 0 to 1 h; default 8 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Whether the worker logs the statement of each step that it runs, with the values in it that steps hand on, and its role and database. Off by default; the extension's
    /// worker follows <c>pg_durable.log_workflow_sql</c>.
    /// </summary>
    public bool LogWorkflowSql { get; set; }

    /// <summary>Whether the server's setting takes the place of <see cref="MaxResultBytes"/>, also when it is changed later.</summary>
    internal bool FollowsServer { get; set; }

    /// <summary>The worker was started by the extension, and serves nothing else.</summary>
    internal bool ExtensionOnly { get; set; }
}
