using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <summary>Every statement of the worker's own. Each calls one function of schema <c>df</c>; users' statements never pass through here.</summary>
internal static class SqlCatalog
{
    // By the catalogs alone: who may not use the schema must be told so, and not be refused here, with an error in the server's log each time.
    public const string Probe = """
        SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
                        WHERE n.nspname OPERATOR(pg_catalog.=) 'df' AND p.proname OPERATOR(pg_catalog.=) '_worker_stop_session'),
               COALESCE((SELECT l.lanname OPERATOR(pg_catalog.=) 'c'
                           FROM pg_catalog.pg_proc p
                           JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
                           JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
                          WHERE n.nspname OPERATOR(pg_catalog.=) 'df' AND p.proname OPERATOR(pg_catalog.=) '_enter' AND p.pronargs OPERATOR(pg_catalog.=) 2), false),
               r.oid, r.rolname::pg_catalog.text
          FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) SESSION_USER
        """;

    public const string Setting = "SELECT df._worker_setting($1)";

    public const string Listen = "LISTEN pg_durable";

    public const string Register = "SELECT df._worker_register($1, $2, $3, $4)";
    public const string Unregister = "SELECT df._worker_unregister($1)";
    public const string Heartbeat = "SELECT df._worker_heartbeat($1)";
    public const string Rescue = "SELECT df._worker_rescue($1)";
    public const string SetIdle = "SELECT df._worker_set_idle($1, $2)";
    public const string Claim = """
        SELECT instance_no, id, graph_id, role_oid, role_name, superuser, resumed, input, label, vars, database, workflow, started_at, now, paused, retried, retried_at, held,
               lane, bytes
          FROM df._worker_claim($1, $2, $3, $4, $5, $6, $7)
        """;
    public const string Deaths = "SELECT instance_no, node, path, deaths FROM df._worker_deaths($1)";
    public const string Suspect = "SELECT instance_no, deaths FROM df._worker_suspect($1, $2, $3, $4)";
    public const string Clear = "SELECT df._worker_clear($1)";
    public const string Started = "SELECT started_at FROM df._worker_sessions($1)";
    public const string Sessions = "SELECT pid, started_at FROM df._worker_sessions($1) WHERE busy";
    public const string StopSession = "SELECT df._worker_stop_session($1, $2, $3)";
    public const string Durable = "SELECT pg_catalog.set_config('synchronous_commit', $1, false)";

    /// <summary>Also the settings that can change while the worker runs; NULL where the extension is not there to have them.</summary>
    public const string Now = """
        SELECT pg_catalog.clock_timestamp(), df._worker_setting('min_loop_interval')::pg_catalog.int4,
               pg_catalog.pg_size_bytes(df._worker_setting('max_result_bytes'))
        """;
    public const string Release = "SELECT df._worker_release($1, $2, $3)";
    public const string Graph = "SELECT df._worker_graph($1)";
    public const string Checkpoints = "SELECT instance_no, node, path, seq, attempt, finished_at, result, columns, error FROM df._worker_checkpoints($1)";
    public const string Record = "SELECT * FROM df._worker_record($1, $2)";
    public const string Park = "SELECT * FROM df._worker_park($1, $2, $3, $4)";
    public const string Signals = "SELECT instance_no, signal_no, name, data, sent_at FROM df._worker_signals($1, $2)";
    public const string News = "SELECT df._worker_news($1)";
    public const string Lanes = "SELECT role_oid, lane, due FROM df._worker_lanes($1, $2, $3, $4)";
    public const string Limits = "SELECT role_oid, value FROM df._worker_limits($1)";
    public const string Children = "SELECT node, path, id, status, result, error FROM df._worker_children($1)";
    public const string StartChild = "SELECT df._worker_start_child($1, $2, $3, $4, $5, $6, $7)";
    public const string CancelChild = "SELECT df._worker_cancel_child($1, $2, $3)";
    public const string Retry = "SELECT df._worker_retry($1, $2, $3, $4)";
    public const string HttpRights = """
        SELECT pg_catalog.has_function_privilege($1::pg_catalog.oid, pg_catalog.to_regprocedure($2), 'EXECUTE'),
               df._worker_setting('http_allowed_hosts'), df._worker_setting('http_allow_private_addresses'),
               pg_catalog.pg_size_bytes(df._worker_setting('http_max_request_bytes')), pg_catalog.pg_size_bytes(df._worker_setting('http_max_response_bytes')),
               df._worker_created_at($3), df._worker_setting('http_security'), df._worker_setting('http_allowed_domains')
        """;
    public const string Endpoints = "SELECT df._endpoints($1)";
    public const string Prune = "SELECT df._worker_prune($1)";
    public const string Schedules = """
        SELECT schedule_no, pass, revision, name, cron, timezone, catch_up, dealt_with, due_at, now FROM df._worker_schedules($1, $2)
        """;
    public const string Tick = "SELECT df._worker_tick($1, $2, $3, $4, $5, $6, $7)";
    public const string IsPaused = "SELECT df._worker_is_paused($1)";

    /// <summary>Where the C module is not there: with it, a session is opened by <see cref="SessionSettings.Steps"/>.</summary>
    public const string OpenSession = "SELECT df._open_session($1)";
    public const string Begin = "BEGIN";
    public const string Enter = "SELECT df._enter($1, $2)";
    public const string CommitStep = "SELECT df._commit_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    public const string Commit = "COMMIT";
    public const string CommitAndBegin = "COMMIT AND CHAIN";
    public const string Rollback = "ROLLBACK";

    /// <summary>Undoes what a step did to its session, where the C module does not do it.</summary>
    public static readonly string[] ResetSession =
        ["CLOSE ALL", "UNLISTEN *", "RESET ALL", "SELECT pg_catalog.pg_advisory_unlock_all()", "DISCARD SEQUENCES", "DISCARD TEMP"];
}
