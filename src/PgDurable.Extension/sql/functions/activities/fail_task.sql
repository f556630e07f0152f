CREATE FUNCTION df.fail_task(task bigint, token uuid, message text, sqlstate text DEFAULT 'DF022', retryable boolean DEFAULT true)
RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    IF COALESCE(fail_task.sqlstate !~ '^[0-9A-Z]{5}$', true) THEN
        RAISE EXCEPTION 'df.fail_task: sqlstate must be five characters from 0-9 and A-Z' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE df.task_queue t
       SET ended_at = clock_timestamp(), claimed_by = quote_ident(current_user)::regrole, sqlstate = fail_task.sqlstate,
           retryable = fail_task.retryable, message = left(COALESCE(fail_task.message, ''), 10000)
     WHERE t.task_no = fail_task.task AND t.token = fail_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(fail_task.task, fail_task.token);
    END IF;
END
$function$;
COMMENT ON FUNCTION df.fail_task(bigint, uuid, text, text, boolean) IS
    'Fails a claimed task, and with it the step. retryable false: no df.retry tries again; true: one without retry_on does, whatever the '
    'SQLSTATE; NULL: the SQLSTATE decides, as for any step. The message is cut after 10,000 characters. Error DF021 if the task is no '
    'longer yours.';
