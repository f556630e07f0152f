CREATE FUNCTION df._worker_release(p_worker integer, p_instances bigint[], p_delay interval) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
    SELECT df._require_worker();
    UPDATE df.queue SET worker_id = NULL, due_at = CASE WHEN p_delay > interval '0' THEN clock_timestamp() + p_delay ELSE due_at END
     -- A row that an open transaction has locked to cancel the instance is tried again with the next heartbeat.
     WHERE ctid = ANY (ARRAY(SELECT q.ctid FROM df.queue q WHERE q.worker_id = p_worker AND q.instance_no = ANY (p_instances)
         FOR UPDATE SKIP LOCKED));
    SELECT df._tell_workers('wake')
$function$;
COMMENT ON FUNCTION df._worker_release(integer, bigint[], interval) IS 'Internal: gives instances back, to be claimed again after a delay.';
