-- Stable, so that all of it, with whatever it calls, sees one snapshot: the source may be running.
CREATE FUNCTION df._fork_rows(p_source bigint, p_node integer, p_graph text) RETURNS SETOF df.checkpoints
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph  text := (SELECT g.graph FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id AND g.owner = s.submitted_by
                       WHERE s.instance_no = p_source);
    v_old    df._step[] := df._tree(v_graph);
    v_new    df._step[] := df._tree(p_graph);
    v_all    df._execution[];
    v_point  df._execution;
    v_found  record;
    v_before integer;
    v_moved  record;
    v_undone df._step;
BEGIN
    IF p_node NOT BETWEEN 0 AND cardinality(v_old) - 1 OR v_new IS NULL THEN
        RAISE EXCEPTION 'there is no node % to fork from', p_node USING ERRCODE = 'DF024';
    END IF;
    v_all := df._fold(p_source);
    v_found := df._fork_point(v_all, p_node, df._is_undone_on_cancel(v_graph));
    v_point := v_found.point;
    v_before := CASE WHEN v_point.execution IS NOT NULL THEN df._fork_before(p_source, v_old, v_all, v_point) END;
    -- Before the first claim there is nothing, and while a TRY undoes its steps its handler has not begun. What ended a step may have come
    -- after a timeout, too late.
    IF v_point.execution IS NULL OR NOT v_point.touched AND v_found.since >= v_before OR NOT EXISTS (
        SELECT FROM df.outcomes o WHERE o.instance_no = p_source AND o.started_at IS NOT NULL
        UNION ALL
        SELECT FROM df.queue q WHERE q.instance_no = p_source AND q.started_at IS NOT NULL AND df._undoing(v_all) = '{}')
    THEN
        RAISE EXCEPTION 'the instance has not reached step %', df._called(v_old[p_node + 1])
            USING ERRCODE = 'DF024',
                  HINT = 'Fork from a step that it has begun. In a loop, that is one of the last iteration. df.explain shows where it is.';
    END IF;

    v_moved := df._counterparts(v_old, v_new, df._fork_levels(v_old, v_all, v_point));
    IF v_moved.differs IS NOT NULL THEN
        RAISE EXCEPTION 'the graphs differ before step %: step % is not the same in both',
                        df._called(v_old[p_node + 1]), df._called(v_old[v_moved.differs + 1])
            USING ERRCODE = 'DF024',
                  HINT = 'A fork takes over what ran before, so that must be the same. Fork from the step that changed.';
    END IF;
    v_undone := df._fork_undos(p_source, v_old, v_before);
    IF v_undone.node IS NOT NULL THEN
        RAISE EXCEPTION 'step % ran before that, and it has been undone or may be undone', df._called(v_undone)
            USING ERRCODE = 'DF024',
                  HINT = 'Fork from that step or from one before it. A running instance undoes nothing once df.terminate has ended it.';
    END IF;
    RETURN QUERY SELECT * FROM df._moved_rows(p_source, v_before, v_old, v_new, v_moved.counterparts);
END
$function$;
COMMENT ON FUNCTION df._fork_rows(bigint, integer, text) IS
    'Internal: what a fork of an instance takes over, in the numbers of the graph that it runs; an error if it can''t continue from there.';
