-- By process id and start time, because process ids are reused. A role may see and end its own sessions.

CREATE FUNCTION df._worker_sessions(p_pids integer[]) RETURNS TABLE (pid integer, started_at timestamptz, busy boolean)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
    SELECT df._require_worker();
    SELECT a.pid, a.backend_start, COALESCE(a.state, '') NOT IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')
      FROM unnest(p_pids) p (pid)
     CROSS JOIN LATERAL pg_stat_get_activity(p.pid) a
$function$;
COMMENT ON FUNCTION df._worker_sessions(integer[]) IS
    'Internal: which of the processes behind the worker''s connections still exist, since when, and whether they run a statement.';

-- Sessions of the worker's own role, and sessions of other roles that say they are the worker's. A session that hides must be cut off at
-- the worker's end.
CREATE FUNCTION df._worker_stop_session(p_pid integer, p_started_at timestamptz, p_terminate boolean) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
    SELECT df._require_worker();
    SELECT CASE WHEN p_terminate THEN pg_terminate_backend(a.pid) ELSE pg_cancel_backend(a.pid) END
      FROM pg_stat_get_activity(p_pid) a
     WHERE a.backend_start = p_started_at AND a.pid <> pg_backend_pid()
       AND (a.application_name LIKE 'pg\_durable:worker:%'
           OR a.usesysid = (SELECT o.usesysid FROM pg_stat_get_activity(pg_backend_pid()) o))
$function$;
COMMENT ON FUNCTION df._worker_stop_session(integer, timestamptz, boolean) IS
    'Internal: cancels the statement of one of the worker''s sessions, or ends the session. NULL if the session no longer exists.';
