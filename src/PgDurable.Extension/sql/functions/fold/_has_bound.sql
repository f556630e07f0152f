-- A branch, an item of a foreach and an undo have names of their own. When a branch ends, its names become those of the nodes around it,
-- unless it has lost a race. Those of items and undos never do.
CREATE FUNCTION df._has_bound(p_all df._execution[], p_named integer, p_self integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    -- The two, and then what is above them, up to the node that they have in common.
    v_named  df._execution := p_all[p_named];
    v_self   df._execution := p_all[p_self];
    v_up     df._execution;
    v_hidden text;           -- a name that is that of the item, or of the error, here
BEGIN
    IF v_named.state IS DISTINCT FROM 'done' THEN
        RETURN false;
    END IF;
    WHILE v_named.parent <> v_self.parent LOOP
        IF v_self.execution > v_named.execution THEN
            v_up := p_all[v_self.parent];
            v_hidden := CASE v_up.node_type WHEN 'FOREACH' THEN v_up.query::json ->> 'item_name'
                                            WHEN 'TRY' THEN CASE v_self.place WHEN 2 THEN 'error' END END;
            IF v_hidden = p_all[p_named].result_name THEN
                RETURN false;
            END IF;
            v_self := v_up;
        ELSE
            v_up := p_all[v_named.parent];
            IF v_up.node_type = 'FOREACH' OR v_up.node_type = 'UNDO' AND v_named.place = 2
                OR v_up.node_type = 'RACE' AND v_named.ended_by IS DISTINCT FROM v_up.ended_by
            THEN
                RETURN false;
            END IF;
            v_named := v_up;
        END IF;
    END LOOP;
    RETURN CASE p_all[v_self.parent].node_type
        WHEN 'IF' THEN v_named.place = 3 AND v_self.place < 3
        WHEN 'THEN' THEN v_named.place < v_self.place
        WHEN 'LOOP' THEN v_named.place < v_self.place
        WHEN 'TRY' THEN v_named.place < v_self.place
        WHEN 'UNDO' THEN v_named.place < v_self.place
        ELSE false END;
END
$function$;
COMMENT ON FUNCTION df._has_bound(df._execution[], integer, integer) IS
    'Internal: whether the result of an execution is bound to its name where another one begins.';
