-- A retry whose first step is named begins anew: its attempts are that step's.
CREATE FUNCTION df._fork_point(p_all df._execution[], p_node integer, p_whole boolean, OUT point df._execution, OUT since integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_self    df._execution := (SELECT e FROM unnest(p_all) e WHERE e.node = p_node ORDER BY e.execution LIMIT 1);
    v_up      df._execution;
    v_first   df._execution;     -- the first child of the same parent
    v_second  df._execution;
    v_leads   boolean := true;   -- whether it is the first step of everything so far
    v_reached boolean := true;
BEGIN
    point := v_self;
    WHILE v_self.parent > 0 LOOP
        v_up := p_all[v_self.parent];
        v_first := p_all[v_up.first_child];
        v_second := p_all[v_up.first_child + 1];
        v_leads := v_leads AND v_self.place = 1 AND v_up.node_type IN ('THEN', 'TIMEOUT', 'UNDO', 'TRY', 'RETRY');
        IF v_leads AND v_up.node_type = 'RETRY' THEN
            point := v_up;
        ELSIF v_up.node_type IN ('JOIN', 'FOREACH') OR v_up.node_type = 'RACE' AND NOT (p_whole AND v_up.execution = 1 AND v_self.place = 1)
        THEN
            RAISE EXCEPTION 'node % is inside of a %, where steps run side by side: no other instance can continue from there',
                            df._node_id(p_node), v_up.node_type
                USING ERRCODE = 'DF024',
                      HINT = format('Fork from the %s itself, node %s, or from a step outside of it.',
                                    v_up.node_type, df._node_id(v_up.node));
        ELSIF v_up.node_type = 'UNDO' AND v_self.place = 2 THEN
            RAISE EXCEPTION 'node % undoes a step: no other instance can continue from there', df._node_id(p_node)
                USING ERRCODE = 'DF024', HINT = format('Fork from that step, node %s.', df._node_id(v_up.children[1]));
        END IF;
        IF NOT v_self.touched THEN
            v_reached := v_reached AND COALESCE(CASE v_up.node_type
                WHEN 'THEN' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'LOOP' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'IF' THEN v_self.place = 3 OR v_up.pick = v_self.place - 1
                WHEN 'TRY' THEN CASE v_self.place
                    WHEN 1 THEN true
                    WHEN 2 THEN v_first.state = 'failed'
                    ELSE v_first.state = 'done' OR v_first.state = 'failed' AND v_second.state IS NOT NULL END
                ELSE true END, false);
            since := GREATEST(since, CASE
                WHEN v_up.node_type = 'IF' AND v_self.place < 3 THEN (p_all[v_up.last_child]).ended_by
                WHEN v_self.place = 3 AND v_first.state = 'failed' THEN GREATEST(v_first.ended_by, v_second.ended_by)
                WHEN v_self.place > 1 THEN v_first.ended_by END);
        END IF;
        v_self := v_up;
    END LOOP;
    IF NOT v_reached THEN
        point := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION df._fork_point(df._execution[], integer, boolean) IS
    'Internal: the execution of a node that a fork continues from, and the input without which it has not begun, if it has recorded '
    'nothing. NULL if it has not been reached, an error if nothing can continue there. '
    'p_whole: the race at the top is that of df.undo_on_cancel.';
