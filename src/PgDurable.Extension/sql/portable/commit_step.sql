-- Called as the submitting role. Only the token, which is the connection's secret, keeps that role from calling it itself.
CREATE FUNCTION df._commit_step(p_token bytea, p_worker integer, p_instance bigint, p_node integer, p_path text, p_seq integer,
                                p_attempt integer, p_finished_at timestamptz, p_result json, p_columns json, p_completes boolean,
                                p_outcome json) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_started_at timestamptz;
BEGIN
    IF NOT df._is_step_session(p_token) THEN
        RAISE EXCEPTION 'only the worker may call df._commit_step' USING ERRCODE = 'insufficient_privilege';
    END IF;

    -- One statement for both the lease and the checkpoint, because this runs at every step.
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns)
    SELECT p_instance, now(), p_finished_at, p_node, p_attempt, p_worker, p_seq, p_path, p_result, p_columns
      FROM df.queue q
     WHERE q.instance_no = p_instance AND q.worker_id = p_worker AND q.submitted_by = quote_ident(session_user)::regrole;
    IF NOT FOUND THEN
        -- Unless this very transaction cancelled the instance and thereby took it from this worker: then the step commits together with
        -- the cancellation. A row that is visible but not yet committed is this transaction's own.
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
        -- NOWAIT: a transaction that cancels the instance may stay open for a long time, and must not hold up a worker's connection.
        PERFORM FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE NOWAIT;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'worker % does not hold instance %', p_worker, p_instance USING ERRCODE = 'DF001';
        END IF;
        DELETE FROM df.queue q WHERE q.instance_no = p_instance RETURNING q.started_at INTO v_started_at;
        INSERT INTO df.outcomes (instance_no, started_at, status, result_node, result_path, result)
        VALUES (p_instance, v_started_at, 'completed', CASE WHEN p_outcome IS NULL THEN p_node END,
                CASE WHEN p_outcome IS NULL THEN p_path END, p_outcome);
        PERFORM df._ended(ARRAY[p_instance]);
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json) IS
    'Internal: records a step''s checkpoint in the step''s own transaction, and the instance''s completion if it was the last step. '
    'p_outcome is the instance''s result if that differs from the step''s. Returns false if the step cancelled its own instance.';
