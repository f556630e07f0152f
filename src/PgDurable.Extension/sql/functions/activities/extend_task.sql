CREATE FUNCTION df.extend_task(task bigint, token uuid, lease interval DEFAULT '30 seconds', progress json DEFAULT NULL)
RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_until timestamptz := df._task_lease(lease);
BEGIN
    IF octet_length(extend_task.progress::text) > 8192 THEN
        RAISE EXCEPTION 'df.extend_task: progress must be at most 8192 bytes' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE df.task_queue t
       SET lease_until = v_until, claimed_by = quote_ident(current_user)::regrole,
           progress = COALESCE(extend_task.progress, t.progress)
     WHERE t.task_no = extend_task.task AND t.token = extend_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(extend_task.task, extend_task.token);
    END IF;
    RETURN v_until;
END
$function$;
COMMENT ON FUNCTION df.extend_task(bigint, uuid, interval, json) IS
    'Extends the lease of a claimed task: it counts from this call. Progress is any JSON up to 8192 bytes; df.tasks and the next claim '
    'show it, NULL leaves it as it is. Returns the end of the lease. Error DF021 if the task is no longer yours.';
