-- What the end of a node means for those below it, from the root downwards; and what each node shows. Of a node with several executions (the items of a foreach)
-- one speaks for all: a failed one before a running one before a stopped one before the latest.
CREATE FUNCTION df._node_states(p_instance_no bigint)
RETURNS TABLE (node integer, node_type text, query text, result_name text, children integer[], status text, result json, error json,
               inferred_status text, inferred_from integer, path text, number integer, started_at timestamptz, finished_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_all       df._execution[] := ARRAY(SELECT f FROM df._fold(p_instance_no) f ORDER BY f.execution);
    v_self      df._execution;
    v_up        df._execution;
    v_first     df._execution;      -- the first child of the same parent
    v_word      text[]        := '{}';
    v_begun     boolean[]     := '{}';
    v_over      integer[]     := '{}';  -- the nearest execution above that has ended
    v_busy      boolean[]     := '{}';  -- inside a foreach that has items left
    v_since     timestamptz[] := '{}';
    v_outcome   df.outcomes;
    v_since_all timestamptz;
BEGIN
    SELECT o.* INTO v_outcome FROM df.outcomes o WHERE o.instance_no = p_instance_no;
    SELECT q.started_at INTO v_since_all FROM df.queue q WHERE q.instance_no = p_instance_no;
    FOR i IN 1 .. cardinality(v_all) LOOP
        v_self := v_all[i];
        IF i = 1 THEN
            v_begun[i] := v_self.touched OR v_since_all IS NOT NULL OR v_outcome.status IS NOT DISTINCT FROM 'cancelled';
            v_busy[i] := false;
            v_over[i] := NULL;
            v_since[i] := v_since_all;
        ELSE
            v_up := v_all[v_self.parent];
            v_first := v_all[v_up.first_child];
            v_begun[i] := v_self.touched OR v_begun[v_self.parent] AND COALESCE(CASE v_up.node_type
                WHEN 'THEN' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'LOOP' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'IF' THEN v_self.place = 3 OR v_up.pick = v_self.place - 1
                WHEN 'UNDO' THEN v_self.place = 1
                WHEN 'TRY' THEN CASE v_self.place WHEN 1 THEN true WHEN 2 THEN v_first.state = 'failed'
                                                  ELSE v_first.state <> 'failed' OR v_all[v_up.first_child + 1].state IS NOT NULL END
                WHEN 'FOREACH' THEN v_up.state IS NULL
                ELSE true END, false);
            v_over[i] := CASE
                -- An undo begins when what it undoes has ended.
                WHEN v_up.node_type = 'UNDO' AND v_self.place = 2 THEN NULL
                WHEN v_up.state IS NOT NULL OR v_up.node_type = 'IF' AND v_self.place < 3 AND v_up.pick <> v_self.place - 1 THEN v_self.parent
                ELSE v_over[v_self.parent] END;
            v_busy[i] := v_busy[v_self.parent] OR v_up.node_type = 'FOREACH' AND v_up.state IS NULL AND v_over[i] IS NULL AND v_outcome.status IS NULL;
            v_since[i] := CASE
                WHEN v_up.node_type IN ('THEN', 'TRY') AND v_self.place = 2 THEN v_first.ended
                WHEN v_up.node_type = 'IF' OR v_self.number > 1 OR v_self.place > 1 AND v_up.node_type NOT IN ('JOIN', 'RACE') THEN NULL
                ELSE v_since[v_self.parent] END;
        END IF;
        v_word[i] := CASE
            WHEN v_begun[i] AND v_self.state = 'failed' THEN 'failed'
            WHEN v_begun[i] AND v_self.state IS NOT NULL AND NOT v_busy[i] THEN 'completed'
            WHEN v_over[i] IS NOT NULL OR v_outcome.status IS NOT NULL THEN CASE WHEN v_begun[i] THEN 'cancelled' ELSE 'skipped' END
            WHEN v_begun[i] THEN 'running'
            ELSE 'pending' END;
    END LOOP;

    RETURN QUERY
    SELECT e.node, e.node_type, e.query, e.result_name, e.children,
           CASE e.word WHEN 'cancelled' THEN 'failed' WHEN 'skipped' THEN 'pending' ELSE e.word END,
           CASE e.word WHEN 'completed' THEN COALESCE(e.value, c.result) END,
           CASE WHEN e.word = 'failed' THEN
                    CASE WHEN e.prefix <> '' THEN df._prefix_error(c.error, e.prefix)
                         ELSE COALESCE(c.error, json_build_object('message', 'timed out', 'sqlstate', 'DF005')) END
                WHEN e.word = 'cancelled' AND e.over IS NOT NULL THEN json_build_object('message', 'canceled: ' || v_all[e.over].node_type || ' ended first')
                WHEN e.word = 'cancelled' THEN COALESCE(v_outcome.error, json_build_object('message', 'canceled')) END,
           e.word, CASE WHEN e.word IN ('skipped', 'cancelled') THEN v_all[e.over].node END, e.path, e.number,
           COALESCE(e.began, CASE e.word WHEN 'running' THEN e.since END),
           CASE WHEN e.word IN ('completed', 'failed') THEN e.ended END
      FROM (SELECT DISTINCT ON (f.node) f.*, w.word, w.over, w.since
              FROM unnest(v_all) f
              JOIN unnest(v_word, v_over, v_since) WITH ORDINALITY w (word, over, since, execution) ON w.execution = f.execution
             ORDER BY f.node, array_position(ARRAY['failed', 'running', 'cancelled', 'completed', 'skipped', 'pending'], w.word), f.ended_by DESC NULLS LAST) e
      LEFT JOIN df.checkpoints c ON c.instance_no = p_instance_no AND c.node = v_all[e.source].node AND c.path = v_all[e.source].path
     ORDER BY e.node;
END
$function$;
COMMENT ON FUNCTION df._node_states(bigint) IS 'Internal: the state of every node of an instance.';
