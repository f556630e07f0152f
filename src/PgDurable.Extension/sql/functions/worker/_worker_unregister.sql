CREATE FUNCTION df._worker_unregister(p_worker integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    PERFORM df._require_worker();
    DELETE FROM df.workers WHERE worker_id = p_worker;
    -- A row that an open transaction has locked to cancel the instance is left to the next search for claims of unknown workers.
    UPDATE df.queue q SET worker_id = NULL
     WHERE q.ctid = ANY (ARRAY(SELECT c.ctid FROM df.queue c WHERE c.worker_id = p_worker FOR UPDATE SKIP LOCKED));
    PERFORM df._tell_workers('wake');
END
$function$;
COMMENT ON FUNCTION df._worker_unregister(integer) IS
    'Internal: removes a worker that stops in good order or is declared dead, and frees what it held.';
