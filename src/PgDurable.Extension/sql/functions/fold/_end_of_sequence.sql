-- THEN, TRY, UNDO, TIMEOUT: what runs one after the other.
CREATE FUNCTION df._end_of_sequence(p_all df._execution[], p_self df._execution) RETURNS df._ending
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending df._ending;
    v_first  df._execution := p_all[p_self.first_child];
    v_second df._execution;
    v_last   df._execution;
BEGIN
    v_ending.child := v_first.execution;
    CASE p_self.node_type
    WHEN 'THEN' THEN
        v_second := p_all[p_self.last_child];
        IF v_first.state IS NULL AND v_second.touched THEN
            v_first.state := 'done';
            v_ending.proven := 'done';
        END IF;
        IF v_first.state = 'done' THEN
            v_ending.child := v_second.execution;
        END IF;
        v_ending.after := v_first.ended_by;
    WHEN 'TRY' THEN
        v_second := p_all[p_self.first_child + 1];
        IF v_first.state IS NULL AND v_second.touched THEN
            v_first.state := 'failed';
            v_ending.proven := 'failed';
        END IF;
        IF v_first.state = 'failed' THEN
            v_ending.child := v_second.execution;
        END IF;
        v_ending.after := v_first.ended_by;
        -- The last part always runs; it decides only when it does not complete.
        IF p_self.last_child - p_self.first_child = 2 AND p_all[v_ending.child].state IS NOT NULL THEN
            v_last := p_all[p_self.last_child];
            v_ending.after := v_last.ended_by;
            IF v_last.state IS DISTINCT FROM 'done' THEN
                v_ending.child := v_last.execution;
            END IF;
        END IF;
    WHEN 'TIMEOUT' THEN
        -- A row of its own says that the time was up, unless the body had ended before that.
        IF p_self.seq IS NOT NULL AND COALESCE(v_first.ended_by > p_self.seq, true) THEN
            v_ending.state := 'failed';
        END IF;
    ELSE
        NULL;
    END CASE;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_sequence(df._execution[], df._execution) IS
    'Internal: the part of df._fold for nodes whose children run one after the other.';
