CREATE FUNCTION df._worker_heartbeat(p_worker integer) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    UPDATE df.workers w SET last_seen_at = clock_timestamp() WHERE w.worker_id = p_worker;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM df._worker_epoch_seen();
    RETURN ARRAY(SELECT q.instance_no FROM df.queue q WHERE q.worker_id = p_worker);
END
$function$;
COMMENT ON FUNCTION df._worker_heartbeat(integer) IS
    'Internal: a worker''s heartbeat. Returns the instances that the worker holds, or NULL if it was declared dead.';
