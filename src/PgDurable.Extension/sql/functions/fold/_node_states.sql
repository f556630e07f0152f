-- What the end of a node means for those below it, from the root down, and what each node shows. If a node has several executions (the
-- items of a foreach), one represents them all: first choice a failed one, then a running one, then a stopped one, then the latest.
CREATE FUNCTION df._node_states(p_instance_no bigint)
RETURNS TABLE (node integer, node_type text, query text, result_name text, children integer[], status text, result json, error json,
               inferred_status text, inferred_from integer, path text, number integer, started_at timestamptz, finished_at timestamptz,
               failures jsonb)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_all       df._execution[];
    v_self      df._execution;
    v_up        df._execution;
    v_first     df._execution;      -- the first child of the same parent
    v_word      text[]        := '{}';
    v_begun     boolean[]     := '{}';
    v_over      integer[]     := '{}';  -- the nearest execution above that has ended
    v_busy      boolean[]     := '{}';  -- inside a foreach that has items left
    v_since     timestamptz[] := '{}';
    v_is_begun  boolean;
    v_over_by   integer;
    v_is_busy   boolean;
    v_from      timestamptz;
    v_undoing   integer[] := '{}';  -- the UNDOs whose undos are running
    v_above     integer[] := '{}';  -- these, and everything above them
    v_outcome   df.outcomes;
    v_since_all timestamptz;
BEGIN
    v_all := COALESCE(df._fold(p_instance_no), '{}');
    SELECT o.* INTO v_outcome FROM df.outcomes o WHERE o.instance_no = p_instance_no;
    SELECT q.started_at INTO v_since_all FROM df.queue q WHERE q.instance_no = p_instance_no;
    IF v_outcome.status IS NULL THEN
        v_undoing := df._undoing(v_all);
    END IF;
    FOREACH v_over_by IN ARRAY v_undoing LOOP
        WHILE v_over_by > 0 LOOP
            v_above := v_above || v_over_by;
            v_over_by := v_all[v_over_by].parent;
        END LOOP;
    END LOOP;
    FOR i IN 1 .. cardinality(v_all) LOOP
        v_self := v_all[i];
        -- No assignment to an element reads the same array: that would copy the array each time.
        IF i = 1 THEN
            v_is_begun := v_self.touched OR v_since_all IS NOT NULL
                OR COALESCE(v_outcome.status = 'cancelled' OR v_self.state IS NOT NULL AND v_outcome.status IS NOT NULL, false);
            v_is_busy := false;
            v_over_by := NULL;
            v_from := v_since_all;
        ELSE
            -- Once for all children of one parent, which are adjacent: the parent's result may be large.
            IF v_up.execution IS DISTINCT FROM v_self.parent THEN
                v_up := v_all[v_self.parent];
                v_first := v_all[v_up.first_child];
            END IF;
            v_is_begun := v_self.touched OR v_begun[v_self.parent] AND COALESCE(CASE v_up.node_type
                WHEN 'THEN' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'LOOP' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'IF' THEN v_self.place = 3 OR v_up.pick = v_self.place - 1
                WHEN 'UNDO' THEN v_self.place = 1 OR v_self.parent = ANY (v_undoing)
                WHEN 'TRY' THEN CASE
                    WHEN v_self.place = 1 THEN true
                    WHEN v_first.state = 'failed' THEN v_first.execution <> ALL (v_above)
                        AND (v_self.place = 2 OR v_all[v_up.first_child + 1].state IS NOT NULL)
                    ELSE v_self.place = 3 AND v_first.state IS NOT NULL END
                -- What ends as soon as it begins leaves no row, and nothing else begins then.
                WHEN 'RACE' THEN NOT EXISTS (SELECT FROM generate_series(v_up.first_child, i - 1) e
                                              WHERE v_all[e].state IS NOT NULL AND NOT v_all[e].touched)
                WHEN 'FOREACH' THEN v_up.state IS NULL
                ELSE true END, false);
            v_over_by := CASE
                -- An undo begins after what it undoes has ended.
                WHEN v_up.node_type = 'UNDO' AND v_self.place = 2 THEN NULL
                WHEN v_up.state IS NOT NULL OR v_up.node_type = 'IF' AND v_self.place < 3 AND v_up.pick <> v_self.place - 1
                    OR v_up.node_type = 'LOOP' AND v_word[v_self.parent] = 'failed' AND v_over[v_self.parent] IS NOT NULL
                    THEN v_self.parent
                ELSE v_over[v_self.parent] END;
            v_is_busy := v_busy[v_self.parent]
                OR v_up.node_type = 'FOREACH' AND v_up.state IS NULL AND v_over_by IS NULL AND v_outcome.status IS NULL;
            v_from := CASE
                WHEN v_up.node_type IN ('THEN', 'TRY') AND v_self.place = 2 THEN v_first.ended
                WHEN v_up.node_type = 'IF' OR v_self.number > 1 OR v_self.place > 1 AND v_up.node_type NOT IN ('JOIN', 'RACE') THEN NULL
                ELSE v_since[v_self.parent] END;
        END IF;
        v_begun[i] := v_is_begun;
        v_over[i] := v_over_by;
        v_busy[i] := v_is_busy;
        v_since[i] := v_from;
        v_word[i] := CASE
            -- It has failed, and takes back what was done before it reports the failure.
            WHEN i = 1 AND v_self.state IN ('failed', 'broke') AND v_outcome.status IS NULL AND v_undoing <> '{}' THEN 'running'
            WHEN v_is_begun AND v_self.state = 'failed' THEN 'failed'
            WHEN v_is_begun AND v_self.state IS NOT NULL THEN CASE WHEN v_is_busy THEN 'running' ELSE 'completed' END
            WHEN v_over_by IS NOT NULL OR v_outcome.status IS NOT NULL THEN CASE
                WHEN NOT v_is_begun THEN 'skipped'
                -- The losers of a race count as skipped. A loop that loses has failed, as users of pg_durable expect.
                WHEN v_all[v_over_by].node_type = 'RACE' THEN
                    CASE WHEN v_self.node_type = 'LOOP' AND v_self.parent = v_over_by THEN 'failed' ELSE 'skipped' END
                WHEN v_all[v_over_by].node_type = 'LOOP' AND v_all[v_over_by].state IS NULL THEN 'skipped'
                -- The instance could not go on: its role is gone.
                WHEN v_over_by IS NULL AND v_outcome.status = 'failed' AND v_outcome.result_node IS NULL THEN 'failed'
                ELSE 'cancelled' END
            WHEN v_is_begun THEN 'running'
            ELSE 'pending' END;
    END LOOP;

    RETURN QUERY
    SELECT e.node, e.node_type, e.query, e.result_name, e.children,
           CASE e.word WHEN 'cancelled' THEN 'failed' WHEN 'skipped' THEN 'pending' ELSE e.word END,
           CASE e.word WHEN 'completed' THEN COALESCE(v_all[e.source].value, c.result) END,
           CASE WHEN e.word = 'failed' AND e.execution = 1 AND v_outcome.error IS NOT NULL THEN v_outcome.error
                WHEN e.word = 'failed' AND e.state IS NULL THEN
                    CASE WHEN e.over IS NULL THEN v_outcome.error
                         ELSE json_build_object('message', 'Loop branch cancelled after losing RACE') END
                WHEN e.word = 'failed' THEN df._prefix_error(COALESCE(c.error, df._timeout_error(v_all[e.source].query)), e.prefix)
                WHEN e.word = 'cancelled' AND e.over IS NOT NULL
                    THEN json_build_object('message', 'canceled: ' || v_all[e.over].node_type || ' ended first')
                WHEN e.word = 'cancelled' THEN COALESCE(v_outcome.error, json_build_object('message', 'canceled')) END,
           e.word, CASE WHEN e.word IN ('skipped', 'cancelled') THEN v_all[e.over].node END, e.path, e.number,
           COALESCE(e.began, CASE e.word WHEN 'running' THEN e.since END),
           CASE WHEN e.word IN ('completed', 'failed') THEN e.ended END,
           CASE WHEN CASE e.node_type WHEN 'LOOP' THEN e.query::json ->> 'continue_on_failure' = 'true' END
                THEN df._loop_failures(p_instance_no, e.path, e.node, b.error, b.node) END
      -- Side by side, and checkpoints by key (OFFSET 0): joins would be planned for few nodes, and compare all with all.
      FROM (SELECT DISTINCT ON (f.node) f.*
              FROM ROWS FROM (unnest(v_word), unnest(v_over), unnest(v_since), unnest(v_all)) f (word, over, since)
             ORDER BY f.node, array_position(ARRAY['failed', 'running', 'cancelled', 'completed', 'skipped', 'pending'], f.word),
                      f.ended_by DESC NULLS LAST) e
      LEFT JOIN LATERAL (SELECT * FROM df.checkpoints c WHERE c.instance_no = p_instance_no
                            AND c.node = v_all[e.source].node AND c.path = v_all[e.source].path OFFSET 0) c ON true
      -- The failure of the body in spite of which a loop goes on.
      LEFT JOIN LATERAL (SELECT w.node,
                                df._prefix_error(COALESCE(x.error, df._timeout_error(w.query)), v_all[e.first_child].prefix) AS error
                           FROM (SELECT CASE WHEN e.node_type = 'LOOP' AND e.state IS NULL AND v_all[e.first_child].state = 'failed'
                                             THEN v_all[e.first_child].source END AS source) s
                          CROSS JOIN LATERAL unnest(v_all[s.source : s.source]) w
                           LEFT JOIN df.checkpoints x ON x.instance_no = p_instance_no AND x.node = w.node AND x.path = w.path) b ON true
     ORDER BY e.node;
EXCEPTION WHEN data_exception THEN
    -- A graph that was written without df.start must not break the listing for those who see all instances.
    BEGIN
        PERFORM df._validate(g.graph) FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id WHERE s.instance_no = p_instance_no;
    EXCEPTION WHEN OTHERS THEN
        RETURN;
    END;
    RAISE;
END
$function$;
COMMENT ON FUNCTION df._node_states(bigint) IS 'Internal: the state of every node of an instance.';
