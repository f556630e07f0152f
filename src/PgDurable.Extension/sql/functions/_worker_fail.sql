CREATE FUNCTION df._worker_fail(p_worker integer, p_instance bigint, p_node integer, p_path text, p_attempt integer, p_elapsed interval, p_error json)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.queue d
     WHERE d.instance_no = (SELECT q.instance_no FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE NOWAIT);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF p_node IS NOT NULL THEN
        INSERT INTO df.checkpoints (instance_no, started_at, node, attempt, worker_id, path, error)
        VALUES (p_instance, clock_timestamp() - p_elapsed, p_node, p_attempt, p_worker, p_path, p_error);
    END IF;
    INSERT INTO df.outcomes (instance_no, status, error) VALUES (p_instance, 'failed', p_error);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._worker_fail(integer, bigint, integer, text, integer, interval, json) IS
    'Internal: ends an instance as failed, at a step or (p_node NULL) before any. False when the worker no longer holds it.';
