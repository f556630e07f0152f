-- JOIN, RACE, FOREACH: what runs side by side.
CREATE FUNCTION df._end_of_branches(p_instance_no bigint, p_all df._execution[], p_self df._execution, p_named integer[], p_outcome text)
RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending df._ending;
    v_child  df._execution;
    v_failed df._execution;      -- the first that did not complete; in a loop that continues on failure a fatal one comes first
    v_winner df._execution;      -- the one that ended first
    v_open   boolean := false;   -- whether one has not ended
    v_latest integer;            -- the last end
    v_count  bigint;             -- of the items
BEGIN
    FOR j IN p_self.first_child .. p_self.last_child LOOP
        v_child := p_all[j];
        v_latest := GREATEST(v_latest, v_child.ended_by);
        IF v_child.state IS NULL THEN
            v_open := true;
        ELSE
            IF v_child.state <> 'done'
                AND (v_failed.execution IS NULL OR p_self.protected AND v_child.fatal AND NOT v_failed.fatal)
            THEN
                v_failed := v_child;
            END IF;
            IF v_winner.execution IS NULL OR v_child.ended_by < v_winner.ended_by THEN
                v_winner := v_child;
            END IF;
        END IF;
    END LOOP;

    IF p_self.node_type = 'RACE' THEN
        v_ending.child := v_winner.execution;
        RETURN v_ending;
    END IF;

    v_ending.after := v_latest;
    v_count := p_self.last_child - p_self.first_child + 1;
    IF p_self.node_type = 'FOREACH' THEN
        v_count := COALESCE(df._row_count((df._asked_result(p_instance_no, p_all, p_self, p_named)).value),
                            CASE p_outcome WHEN 'completed' THEN 1 END);
        IF v_count = 0 THEN
            v_ending.state := 'done';
            v_ending.value := '[]';
            RETURN v_ending;
        ELSIF v_count IS NULL AND NOT p_self.touched THEN
            -- Nothing says that there are items.
            RETURN v_ending;
        END IF;
    END IF;
    -- After a failure no item begins; those that have begun are waited for, as all branches are.
    IF NOT v_open AND v_failed.execution IS NOT NULL THEN
        v_ending.child := v_failed.execution;
        v_ending.label := CASE WHEN p_self.node_type = 'FOREACH' THEN format('FOREACH item %s failed: ', v_failed.number) END;
    ELSIF NOT v_open AND p_self.last_child - p_self.first_child + 1 >= v_count THEN
        v_ending.state := 'done';
        v_ending.value := df._results_of(p_instance_no, p_all, p_self);
    END IF;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_branches(bigint, df._execution[], df._execution, integer[], text) IS
    'Internal: the part of df._fold for nodes whose children run side by side.';
