CREATE FUNCTION df._task_lost(p_task bigint, p_token uuid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_task record;
BEGIN
    SELECT t.token, t.ended_at, t.claimed_by, t.lease_until INTO v_task FROM df.task_queue t WHERE t.task_no = p_task;
    RAISE EXCEPTION '%', CASE
            WHEN NOT FOUND THEN format(
                'task %s does not exist, or has ended: it was completed or failed, its time was up, or its workflow has ended', p_task)
            WHEN v_task.ended_at IS NOT NULL THEN format('task %s has already ended', p_task)
            WHEN v_task.token IS NULL THEN format('task %s is not claimed', p_task)
            ELSE format('task %s is no longer yours: your lease ran out or was released, and the task was claimed again', p_task) END
        USING ERRCODE = 'DF021',
              HINT = 'Stop working on it, and roll back what you did for it. Extend the lease of long work: df.extend_task.';
END
$function$;
COMMENT ON FUNCTION df._task_lost(bigint, uuid) IS 'Internal: raises the error for a task that the caller does not have, or no longer.';
