-- A row that somebody has locked stays. A hint about its instance has a later claim remove it (df._worker_wake).
CREATE FUNCTION df._drop_tasks(p_instances bigint[]) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $function$
BEGIN
    IF (SELECT t.task_no FROM df.task_queue t WHERE t.instance_no = ANY (p_instances) LIMIT 1) IS NULL THEN
        RETURN '{}';
    END IF;
    DELETE FROM df.task_queue t
     WHERE t.ctid = ANY (ARRAY(SELECT f.ctid FROM df.task_queue f WHERE f.instance_no = ANY (p_instances) FOR UPDATE SKIP LOCKED));
    RETURN ARRAY(SELECT DISTINCT t.instance_no FROM df.task_queue t WHERE t.instance_no = ANY (p_instances));
END
$function$;
COMMENT ON FUNCTION df._drop_tasks(bigint[]) IS
    'Internal: removes the tasks of instances that have ended. Returns the instances of which one stays, because it is locked.';
