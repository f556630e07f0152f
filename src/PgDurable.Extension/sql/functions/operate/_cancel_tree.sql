-- For users, who may wait for each other. A worker may not wait, and uses df._worker_cancel_child. Level by level, because a tree may be
-- deeper than the stack.
CREATE FUNCTION df._cancel_tree(p_instance bigint, p_reason text, p_forced boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_level    bigint[] := ARRAY[p_instance];
    v_ended    bigint[] := '{}';
    v_now      bigint[];
    v_instance bigint;
BEGIN
    WHILE cardinality(v_level) > 0 LOOP
        v_now := '{}';
        FOREACH v_instance IN ARRAY v_level LOOP
            IF df._cancel(v_instance, p_reason, p_forced) THEN
                v_now := v_now || v_instance;
            END IF;
        END LOOP;
        v_ended := v_ended || v_now;
        -- No more children can appear: starting one locks the parent's row in the queue.
        v_level := ARRAY(SELECT s.instance_no FROM df.submissions s
                          WHERE s.parent_no = ANY (v_now) AND s.parent_node IS NOT NULL ORDER BY 1);
    END LOOP;
    IF v_ended <> '{}' THEN
        -- Somebody may be about to complete a task. Then the completion counts, with everything that it commits.
        PERFORM FROM df.task_queue t WHERE t.instance_no = ANY (v_ended) FOR UPDATE;
        PERFORM df._ended(v_ended);
    END IF;
END
$function$;
COMMENT ON FUNCTION df._cancel_tree(bigint, text, boolean) IS
    'Internal: cancels an instance and the children that its df.call steps started.';
