-- Called as the submitting role. The token, which is the secret of the connection, is all that keeps that role from calling it itself.
CREATE FUNCTION df._commit_step(p_token bytea, p_worker integer, p_instance bigint, p_node integer, p_path text, p_seq integer, p_attempt integer,
                                p_finished_at timestamptz, p_result json, p_columns json, p_completes boolean, p_outcome json) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_started_at timestamptz;
BEGIN
    IF NOT df._is_step_session(p_token) THEN
        RAISE EXCEPTION 'df._commit_step is called by the worker only' USING ERRCODE = 'insufficient_privilege';
    END IF;

    -- One statement for the lease and the checkpoint: this runs at every step.
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns)
    SELECT p_instance, now(), p_finished_at, p_node, p_attempt, p_worker, p_seq, p_path, p_result, p_columns
      FROM df.queue q
     WHERE q.instance_no = p_instance AND q.worker_id = p_worker AND q.submitted_by = quote_ident(session_user)::regrole;
    IF NOT FOUND THEN
        -- Unless this very transaction has cancelled the instance, and taken it from this worker with that: then the step is committed, and the
        -- cancellation with it. What is seen and not yet committed is its own.
        INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns)
        SELECT p_instance, now(), p_finished_at, p_node, p_attempt, p_worker, p_seq, p_path, p_result, p_columns
          FROM df.outcomes o JOIN df.submissions s ON s.instance_no = o.instance_no
         WHERE o.instance_no = p_instance AND o.worker_id = p_worker AND s.submitted_by = quote_ident(session_user)::regrole
           AND df._is_in_progress(o.xmin);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'worker % does not hold instance %', p_worker, p_instance USING ERRCODE = 'DF001';
        END IF;
        RETURN false;
    END IF;

    IF p_completes THEN
        -- NOWAIT: an open transaction that cancels the instance may stay open for long, and must not hold a worker's connection.
        PERFORM FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE NOWAIT;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'worker % does not hold instance %', p_worker, p_instance USING ERRCODE = 'DF001';
        END IF;
        DELETE FROM df.queue q WHERE q.instance_no = p_instance RETURNING q.started_at INTO v_started_at;
        INSERT INTO df.outcomes (instance_no, started_at, status, result_node, result_path, result)
        VALUES (p_instance, v_started_at, 'completed', CASE WHEN p_outcome IS NULL THEN p_node END, CASE WHEN p_outcome IS NULL THEN p_path END, p_outcome);
        PERFORM df._ended(ARRAY[p_instance]);
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json) IS
    'Internal: the checkpoint of a step, in the step''s own transaction; with the instance''s completion when it was the last step. p_outcome is the '
    'instance''s result when that is not the step''s. False when the step has cancelled its own instance.';
