CREATE FUNCTION df._worker_retry(p_worker integer, p_instance bigint, p_nodes integer[], p_paths text[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    PERFORM FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Whatever the list says: what a step has done can't be forgotten. The second form is that of a timeout.
    DELETE FROM df.checkpoints c
     USING unnest(p_nodes, p_paths) AS f (node, path)
     WHERE c.instance_no = p_instance AND c.node = f.node AND c.path = f.path
       AND (c.error IS NOT NULL OR c.result::text = '{"timed_out":true}');
    UPDATE df.retries y SET taken = true WHERE y.instance_no = p_instance;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._worker_retry(integer, bigint, integer[], text[]) IS
    'Internal: removes the failed checkpoints of a retried instance. False if the worker does not hold it or its row is locked.';
