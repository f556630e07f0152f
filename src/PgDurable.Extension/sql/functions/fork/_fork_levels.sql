CREATE FUNCTION df._fork_levels(p_tree df._step[], p_all df._execution[], p_point df._execution) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_levels integer[] := array_fill(0, ARRAY[cardinality(p_tree)]);
    v_self   df._execution := p_point;
    v_up     df._execution;
    v_child  df._step;
BEGIN
    v_levels[p_point.node + 1] := 1;
    WHILE v_self.parent > 0 LOOP
        v_up := p_all[v_self.parent];
        -- Its time begins again, so it may be another one.
        v_levels[v_up.node + 1] := CASE v_up.node_type WHEN 'TIMEOUT' THEN 2 ELSE 3 END;
        FOR j IN 1 .. cardinality(v_up.children) LOOP
            -- What ran before. In an IF the condition comes last in the graph; the race is that of df.undo_on_cancel.
            IF (CASE v_up.node_type WHEN 'IF' THEN j = 3 AND v_self.place < 3
                                    WHEN 'RACE' THEN j <> v_self.place
                                    ELSE j < v_self.place END)
            THEN
                v_child := p_tree[v_up.children[j] + 1];
                FOR n IN v_child.first .. v_child.last LOOP
                    v_levels[n + 1] := 4;
                END LOOP;
            END IF;
        END LOOP;
        -- An attempt before this one may have run all of it.
        IF v_up.node_type = 'RETRY' AND v_self.number > 1 THEN
            FOR n IN v_up.node + 1 .. p_tree[v_up.node + 1].last LOOP
                v_levels[n + 1] := 4;
            END LOOP;
        END IF;
        v_self := v_up;
    END LOOP;
    RETURN v_levels;
END
$function$;
COMMENT ON FUNCTION df._fork_levels(df._step[], df._execution[], df._execution) IS
    'Internal: what a graph must have in common with another one for a fork to continue there: see df._counterparts.';
