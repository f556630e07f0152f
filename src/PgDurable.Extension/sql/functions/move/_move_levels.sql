-- What has begun, by what the instance has recorded and by what it waits for, with everything above it. Of what is over, all has to be the
-- same, and of what has gone round before, too.
CREATE FUNCTION df._move_levels(p_instance bigint, p_tree df._step[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_levels  integer[] := array_fill(0, ARRAY[cardinality(p_tree)]);
    v_parents integer[] := array_fill(NULL::integer, ARRAY[cardinality(p_tree)]);
    v_whole   integer[] := '{}';
    v_node    integer;
    v_state   record;
BEGIN
    FOR v_state IN SELECT n.node, c.child FROM unnest(p_tree) n CROSS JOIN LATERAL unnest(n.children) c (child) LOOP
        v_parents[v_state.child + 1] := v_state.node;
    END LOOP;
    FOR v_state IN
        SELECT b.node, bool_or(b.whole) AS whole
          FROM (SELECT n.node, n.inferred_status <> 'running' OR n.node_type = 'FOREACH' AS whole
                  FROM df._node_states(p_instance) n WHERE n.inferred_status IN ('running', 'completed', 'failed', 'cancelled')
                UNION ALL
                SELECT c.node, false FROM df.checkpoints c WHERE c.instance_no = p_instance
                UNION ALL
                SELECT w.node, false
                  FROM df.queue q
                 CROSS JOIN LATERAL json_to_recordset(CASE json_typeof(q.waits) WHEN 'array' THEN q.waits END) AS w (node integer)
                 WHERE q.instance_no = p_instance AND w.node IS NOT NULL
                UNION ALL
                SELECT t.node, false FROM df.task_queue t WHERE t.instance_no = p_instance
                UNION ALL
                SELECT s.parent_node, false FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL
                UNION ALL
                -- An earlier attempt.
                SELECT c.node, true FROM df.checkpoints c
                 WHERE c.instance_no = p_instance AND p_tree[c.node + 1].node_type = 'RETRY'
                UNION ALL
                -- An iteration whose end is not carried over yet. A row of the loop itself only says that one was.
                SELECT r.loop, true
                  FROM (SELECT p.loop, p.above, count(DISTINCT p.number) AS numbers
                          FROM df.checkpoints c
                         CROSS JOIN LATERAL (SELECT split_part(s.segment, ':', 1)::integer AS loop, split_part(s.segment, ':', 2) AS number,
                                                    (string_to_array(c.path, '/'))[:s.n - 1] AS above
                                               FROM unnest(string_to_array(c.path, '/')) WITH ORDINALITY s (segment, n)) p
                         WHERE c.instance_no = p_instance AND c.node <> p.loop
                         GROUP BY p.loop, p.above) r
                 WHERE r.numbers > 1) b
         GROUP BY b.node
    LOOP
        v_node := v_state.node;
        WHILE v_node IS NOT NULL AND v_levels[v_node + 1] = 0 LOOP
            v_levels[v_node + 1] := 3;
            v_node := v_parents[v_node + 1];
        END LOOP;
        IF v_state.whole THEN
            v_whole := array_append(v_whole, v_state.node);
        END IF;
    END LOOP;
    FOREACH v_node IN ARRAY v_whole LOOP
        FOR n IN v_node .. p_tree[v_node + 1].last LOOP
            v_levels[n + 1] := 4;
        END LOOP;
    END LOOP;
    RETURN v_levels;
END
$function$;
COMMENT ON FUNCTION df._move_levels(bigint, df._step[]) IS
    'Internal: what another graph must have in common with that of an instance for the instance to go on with it: see df._counterparts.';
