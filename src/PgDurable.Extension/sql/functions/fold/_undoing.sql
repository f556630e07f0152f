-- Undos run when the graph has failed, or the body of a TRY or of a loop that continues on failure (then only those inside it):
-- one at a time for each of these, that of the latest step first.
CREATE FUNCTION df._undoing(p_all df._execution[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_undo   df._execution;
    v_self   df._execution;
    v_up     df._execution;
    v_scopes integer[] := '{}';
    v_result integer[] := '{}';
BEGIN
    FOR v_undo IN
        SELECT f.* FROM unnest(p_all) f JOIN unnest(p_all) u ON u.parent = f.execution AND u.place = 2
         WHERE f.node_type = 'UNDO' AND f.state = 'done' AND u.state IS NULL
         ORDER BY f.ended_by DESC
    LOOP
        v_self := v_undo;
        v_up := p_all[v_self.parent];
        WHILE v_self.execution > 1
            AND NOT (v_self.place = 1 AND v_self.state = 'failed'
                AND (v_up.node_type = 'TRY' OR v_up.node_type = 'LOOP' AND v_up.state IS NULL))
            -- One inside of an undo comes when that has ended.
            AND NOT (v_self.place = 2 AND v_self.state IS NULL AND v_up.node_type = 'UNDO')
        LOOP
            v_self := v_up;
            v_up := p_all[v_self.parent];
        END LOOP;
        -- Once the handler has begun, the undos of the body are over.
        IF v_self.execution <> ALL (v_scopes)
            AND (v_self.state = 'failed' AND (v_up.node_type = 'LOOP' OR NOT p_all[v_self.execution + 1].touched)
                 OR v_self.execution = 1 AND v_self.state IN ('failed', 'broke'))
        THEN
            v_scopes := v_scopes || v_self.execution;
            v_result := v_result || v_undo.execution;
        END IF;
    END LOOP;
    RETURN v_result;
END
$function$;
COMMENT ON FUNCTION df._undoing(df._execution[]) IS 'Internal: the UNDOs whose undos are running in a live instance.';
