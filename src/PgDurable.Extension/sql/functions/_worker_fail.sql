CREATE FUNCTION df._worker_fail(p_worker integer, p_instance bigint, p_node integer, p_path text, p_attempt integer, p_elapsed interval, p_error json)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_started_at timestamptz;
BEGIN
    DELETE FROM df.queue d
     WHERE d.instance_no = (SELECT q.instance_no FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE NOWAIT)
    RETURNING d.started_at INTO v_started_at;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF p_node IS NOT NULL THEN
        INSERT INTO df.checkpoints (instance_no, started_at, node, attempt, worker_id, seq, path, error)
        VALUES (p_instance, clock_timestamp() - p_elapsed, p_node, p_attempt, p_worker,
                (SELECT COALESCE(max(c.seq) + 1, 0) FROM df.checkpoints c WHERE c.instance_no = p_instance), p_path, p_error);
    END IF;
    INSERT INTO df.outcomes (instance_no, started_at, status, result_node, result_path, error)
    VALUES (p_instance, v_started_at, 'failed', p_node, p_path, p_error);
    DELETE FROM df.retries y WHERE y.instance_no = p_instance;
    PERFORM df._ended(ARRAY[p_instance]);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._worker_fail(integer, bigint, integer, text, integer, interval, json) IS
    'Internal: ends an instance as failed, at a step or (p_node NULL) before any. False when the worker no longer holds it.';
