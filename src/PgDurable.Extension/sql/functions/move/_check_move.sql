-- Stable, so that all of it sees one snapshot.
CREATE FUNCTION df._check_move(p_instance bigint, p_graph text) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_live    record;
    v_all     df._execution[];
    v_old     df._step[];
    v_new     df._step[] := df._tree(p_graph);
    v_moved   record;
    v_problem text;
BEGIN
    SELECT q.worker_id, q.started_at, q.undoing, g.graph INTO v_live
      FROM df.queue q
      JOIN df.submissions s ON s.instance_no = q.instance_no
      JOIN df.graphs g ON g.graph_id = s.graph_id AND g.owner = s.submitted_by
     WHERE q.instance_no = p_instance;
    v_problem := CASE
        WHEN NOT FOUND THEN 'it has ended'
        WHEN v_live.worker_id = 0 THEN 'it comes from a dump and is held'
        WHEN v_live.worker_id IS NOT NULL THEN 'a worker has it in hand: try again, or pause it first'
        WHEN v_live.undoing THEN 'it was cancelled and undoes its steps' END;
    IF v_problem IS NULL AND v_live.started_at IS NULL THEN
        RETURN NULL; -- it has nothing that could differ
    ELSIF v_problem IS NULL THEN
        v_all := df._fold(p_instance);
        IF (v_all[1]).state IS NOT NULL OR df._undoing(v_all) <> '{}' THEN
            v_problem := 'it has failed, and undoes its steps or is being retried';
        END IF;
    END IF;
    IF v_problem IS NULL THEN
        v_old := df._tree(v_live.graph);
        v_moved := df._counterparts(v_old, v_new, df._move_levels(p_instance, v_old));
        v_problem := CASE WHEN v_moved.differs IS NOT NULL
            THEN format('step %s is not the same in both versions', df._called(v_old[v_moved.differs + 1]))
            ELSE df._move_obstacle(p_instance, v_old, v_moved.counterparts) END;
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'DF024';
    END IF;
    PERFORM df._moved_rows(p_instance, NULL, v_old, v_new, v_moved.counterparts);
    RETURN v_moved.counterparts;
END
$function$;
COMMENT ON FUNCTION df._check_move(bigint, text) IS
    'Internal: for each node that an instance has begun the one in its place in another graph; NULL if it has not begun. An error if it '
    'can''t go on with that graph.';
