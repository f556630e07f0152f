-- For a worker that has no room for a claim: what is new must reach it all the same.
CREATE FUNCTION df._worker_news(p_worker integer) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    IF EXISTS (SELECT FROM df.wakeups) AND EXISTS (SELECT FROM df.workers w WHERE w.worker_id = p_worker) THEN
        RETURN df._worker_wake(p_worker);
    END IF;
    RETURN '{}';
END
$function$;
COMMENT ON FUNCTION df._worker_news(integer) IS
    'Internal: takes the hints in df.wakeups as df._worker_claim does, but claims nothing. Returns the instances that the worker holds '
    'and that have something new.';
