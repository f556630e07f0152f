CREATE FUNCTION df.complete_task(task bigint, token uuid, result json DEFAULT 'null') RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    UPDATE df.task_queue t
       SET ended_at = clock_timestamp(), claimed_by = quote_ident(current_user)::regrole, result = COALESCE(complete_task.result, 'null')
     WHERE t.task_no = complete_task.task AND t.token = complete_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(complete_task.task, complete_task.token);
    END IF;
END
$function$;
COMMENT ON FUNCTION df.complete_task(bigint, uuid, json) IS
    'Completes a claimed task when the calling transaction commits: everything else that the transaction does commits with it, exactly '
    'once. The result, any JSON up to pg_durable.max_result_bytes, becomes the step''s. Error DF021 if the task is no longer yours.';
