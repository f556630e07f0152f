-- A number and a time, and nobody's rows: that is why it may look past row security.
CREATE FUNCTION df._workers_seen() RETURNS TABLE (workers bigint, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    -- As df._worker_rescue: who was silent for longer than he said he might be is taken for dead.
    SELECT count(*) FILTER (WHERE w.last_seen_at > clock_timestamp() - w.silence_limit), max(w.last_seen_at) FROM df.workers w
$function$;
COMMENT ON FUNCTION df._workers_seen() IS 'Internal: how many workers are alive, and the last sign of life of any.';
