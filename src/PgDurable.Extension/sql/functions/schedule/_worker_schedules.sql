-- The rows are not locked: whoever plans first wins, see df._worker_tick.
CREATE FUNCTION df._worker_schedules(p_role oid, p_limit integer)
RETURNS TABLE (schedule_no bigint, pass bigint, revision integer, name text, cron text, timezone text, catch_up text,
               dealt_with timestamptz, due_at timestamptz, now timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
    SET enable_bitmapscan = off
AS $function$
#variable_conflict use_column
BEGIN
    PERFORM df._require_worker();
    IF EXISTS (SELECT FROM df.schedule_changes) THEN
        PERFORM df._worker_schedule_changes();
    END IF;
    RETURN QUERY
    SELECT r.schedule_no, r.pass, e.revision, e.name, e.cron, e.timezone, e.catch_up,
           CASE WHEN r.revision = e.revision THEN r.dealt_with ELSE GREATEST(r.dealt_with, e.changed_at) END,
           GREATEST(r.due_at, now()), now()
      FROM df.schedule_runs r
     CROSS JOIN LATERAL (SELECT * FROM df.schedule_entries e WHERE e.schedule_no = r.schedule_no OFFSET 0) e
     WHERE r.due_at <= now() + interval '1 second' AND (p_role IS NULL OR e.owner = p_role)
     ORDER BY r.due_at, r.schedule_no
     LIMIT p_limit;
END
$function$;
COMMENT ON FUNCTION df._worker_schedules(oid, integer) IS
    'Internal: the schedules that are due, or will be within a second, with what a worker needs to plan their ticks; only those of p_role '
    'unless it is NULL.';
