CREATE FUNCTION df._end_of_if(p_instance_no bigint, p_all df._execution[], p_self df._execution, p_named integer[]) RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending    df._ending;
    v_asked     df._execution := df._asked_result(p_instance_no, p_all, p_self, p_named);
    v_condition df._execution;
    v_holds     boolean;
BEGIN
    IF p_self.last_child - p_self.first_child = 2 THEN
        v_condition := p_all[p_self.last_child];
    END IF;
    v_holds := CASE
        WHEN p_all[p_self.first_child].touched THEN true
        WHEN p_all[p_self.first_child + 1].touched THEN false
        WHEN v_asked.value IS NULL THEN NULL
        WHEN v_condition.execution IS NULL THEN df._row_count(v_asked.value) > 0
        ELSE df._is_true(v_asked.value) END;
    IF v_holds IS NOT NULL THEN
        v_ending.pick := 1 - v_holds::integer;
        v_ending.child := p_self.first_child + v_ending.pick;
    ELSIF v_condition.state <> 'done' THEN
        v_ending.child := v_condition.execution;
    END IF;
    v_ending.after := v_asked.ended_by;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_if(bigint, df._execution[], df._execution, integer[]) IS 'Internal: the part of df._fold for IF.';
