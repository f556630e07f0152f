CREATE FUNCTION df.release_task(task bigint, token uuid, delay interval DEFAULT '0') RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_delays boolean := delay > interval '0';
BEGIN
    IF delay IS NULL OR delay < interval '0' OR delay > interval '1 day' THEN
        RAISE EXCEPTION 'df.release_task: delay must be from 0 to 1 day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A delay is a lease that nobody holds.
    UPDATE df.task_queue t
       SET token = CASE WHEN v_delays THEN gen_random_uuid() END, claimed_by = NULL, claimed_at = NULL,
           lease_until = CASE WHEN v_delays THEN clock_timestamp() + delay END, delivery = GREATEST(t.delivery - 1, 0)
     WHERE t.task_no = release_task.task AND t.token = release_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(release_task.task, release_task.token);
    END IF;
END
$function$;
COMMENT ON FUNCTION df.release_task(bigint, uuid, interval) IS
    'Gives a claimed task back: it can be claimed again at once, or after a delay of up to a day. The delivery does not count. Error DF021 '
    'if the task is no longer yours.';
