CREATE FUNCTION df._end_of_loop(p_instance_no bigint, p_all df._execution[], p_self df._execution) RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending    df._ending;
    v_body      df._execution := p_all[p_self.first_child];
    v_condition df._execution;
    v_asked     df._execution;
BEGIN
    v_ending.after := v_body.ended_by;
    IF v_body.state IS DISTINCT FROM 'done' THEN
        -- After a failure that does not end the loop the next iteration begins, or the undos of this one run before.
        IF v_body.state = 'broke' OR v_body.fatal OR NOT COALESCE(p_self.query::json ->> 'continue_on_failure' = 'true', false) THEN
            v_ending.child := v_body.execution;
            v_ending.counts_as := CASE v_body.state WHEN 'broke' THEN 'done' END;
        END IF;
        RETURN v_ending;
    END IF;
    -- Goes round again, unless there is a condition that does not hold.
    IF p_self.last_child > p_self.first_child THEN
        v_condition := p_all[p_self.last_child];
        v_asked := df._asked_result(p_instance_no, p_all, p_self, NULL);
        IF v_asked.value IS NOT NULL THEN
            v_ending.after := v_condition.ended_by;
            IF NOT df._is_true(v_asked.value) THEN
                v_ending.child := v_body.execution;
            END IF;
        ELSIF v_condition.state <> 'done' THEN
            v_ending.child := v_condition.execution;
            v_ending.counts_as := CASE v_condition.state WHEN 'broke' THEN 'done' END;
        END IF;
    END IF;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_loop(bigint, df._execution[], df._execution) IS 'Internal: the part of df._fold for LOOP.';
