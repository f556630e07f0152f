-- Runs inside the sandbox, that is: called as the submitting role. The secret is all that keeps that role from calling it itself.
CREATE FUNCTION df._commit_step(p_secret bytea, p_worker integer, p_instance bigint, p_node integer, p_path text, p_attempt integer,
                                p_result json, p_columns json, p_completes boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT df._in_sandbox(p_secret) THEN
        RAISE EXCEPTION 'df._commit_step is called by the worker only' USING ERRCODE = 'insufficient_privilege';
    END IF;

    -- One statement for the lease and the checkpoint: this runs at every step.
    INSERT INTO df.checkpoints (instance_no, started_at, node, attempt, worker_id, path, result, columns)
    SELECT p_instance, now(), p_node, p_attempt, p_worker, p_path, p_result, p_columns
      FROM df.queue q
     WHERE q.instance_no = p_instance AND q.worker_id = p_worker;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'worker % does not hold instance %', p_worker, p_instance USING ERRCODE = 'DF001';
    END IF;

    IF p_completes THEN
        -- NOWAIT: an open transaction that cancels the instance may stay open for long, and must not hold a worker's connection.
        PERFORM FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE NOWAIT;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'worker % does not hold instance %', p_worker, p_instance USING ERRCODE = 'DF001';
        END IF;
        DELETE FROM df.queue q WHERE q.instance_no = p_instance;
        INSERT INTO df.outcomes (instance_no, status, result_node, result_path) VALUES (p_instance, 'completed', p_node, p_path);
    END IF;
END
$function$;
COMMENT ON FUNCTION df._commit_step(bytea, integer, bigint, integer, text, integer, json, json, boolean) IS
    'Internal: the checkpoint of a step, in the step''s own transaction; with the instance''s completion when it was the last step.';
