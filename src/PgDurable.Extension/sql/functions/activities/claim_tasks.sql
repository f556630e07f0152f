-- Leases that have run out first: their tasks are the oldest. Then one lane after the other, in random order, each for its share of what is
-- left. All of it by index: what waits costs nothing, however much it is. Nothing is left to estimates, as in df._worker_claim.
--
-- No JIT and no sort, for the same reasons. Row security does not let the planner use an index for it, so the role is named as well.
CREATE FUNCTION df.claim_tasks(names text[], max integer DEFAULT 1, lease interval DEFAULT '30 seconds', queue text DEFAULT 'default')
RETURNS TABLE (task bigint, token uuid, name text, input json, instance_id text, attempt integer, delivery integer,
               idempotency_key uuid, deadline timestamptz, lease_until timestamptz, progress json)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_me    regrole := quote_ident(current_user)::regrole;
    v_until timestamptz := df._task_lease(lease);
    v_left  integer := max;
    v_lane  record;
    v_count integer;
BEGIN
    IF names IS NULL OR array_position(names, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'df.claim_tasks: names must be an array of the activities'' names' USING ERRCODE = 'invalid_parameter_value';
    ELSIF max IS NULL OR max NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'df.claim_tasks: max must be from 1 to 1000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR v_lane IN SELECT * FROM df._task_lanes(names, queue) LOOP
        EXIT WHEN v_left <= 0;
        IF v_lane.lane IS NULL THEN
            -- A task that kills whoever runs it must not go on for ever.
            UPDATE df.task_queue t
               SET ended_at = clock_timestamp(), claimed_by = v_me, sqlstate = 'DF022', retryable = false,
                   message = format('activity %s was claimed %s times, and never ended: its process died, or lost its lease', t.name,
                                    t.delivery)
             WHERE t.task_no = ANY (ARRAY(
                    SELECT f.task_no FROM df.task_queue f
                     WHERE f.submitted_by = v_lane.role AND f.name = v_lane.name AND f.queue = claim_tasks.queue AND f.token IS NOT NULL
                       AND f.ended_at IS NULL AND NOT f.held AND f.lease_until <= statement_timestamp() AND f.delivery >= 10
                       FOR UPDATE SKIP LOCKED));
        END IF;
        RETURN QUERY
        UPDATE df.task_queue t
           SET token = gen_random_uuid(), claimed_by = v_me, claimed_at = clock_timestamp(), lease_until = v_until,
               delivery = t.delivery + 1
         WHERE t.task_no = ANY (CASE WHEN v_lane.lane IS NULL THEN ARRAY(
                    SELECT f.task_no FROM df.task_queue f
                     WHERE f.submitted_by = v_lane.role AND f.name = v_lane.name AND f.queue = claim_tasks.queue AND f.token IS NOT NULL
                       AND f.ended_at IS NULL AND NOT f.held AND f.lease_until <= statement_timestamp() AND f.delivery < 10
                     ORDER BY f.lease_until
                     LIMIT v_left
                       FOR UPDATE SKIP LOCKED)
                ELSE ARRAY(
                    SELECT f.task_no FROM df.task_queue f
                     WHERE f.submitted_by = v_lane.role AND f.name = v_lane.name AND f.queue = claim_tasks.queue AND f.lane = v_lane.lane
                       AND f.token IS NULL AND f.ended_at IS NULL AND NOT f.held
                     ORDER BY f.task_no
                     LIMIT ceil(v_left::numeric / v_lane.lanes_left)
                       FOR UPDATE SKIP LOCKED) END)
        RETURNING t.task_no, t.token, t.name, t.input, t.instance_id::text, t.attempt, t.delivery, t.idempotency_key, t.deadline,
                  t.lease_until, t.progress;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_left := v_left - v_count;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df.claim_tasks(text[], integer, interval, text) IS
    'Claims up to max tasks of these activities (1 to 1000), oldest first and fair between workflows: of your own instances, and of roles '
    'that granted you theirs (df.grant_tasks). The lease (1 second to 1 day) counts from this call; when it runs out, the task is due '
    'again. The token is needed to end the task.';
