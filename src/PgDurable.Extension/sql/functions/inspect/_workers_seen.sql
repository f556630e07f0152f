-- A number and a time, and nobody's rows: that is why it may bypass row security.
CREATE FUNCTION df._workers_seen() RETURNS TABLE (workers bigint, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    -- As in df._worker_rescue: a worker that was silent for longer than its limit is considered dead.
    SELECT count(*) FILTER (WHERE w.last_seen_at > clock_timestamp() - w.silence_limit), max(w.last_seen_at) FROM df.workers w
$function$;
COMMENT ON FUNCTION df._workers_seen() IS 'Internal: the number of live workers, and the last heartbeat of any worker.';
