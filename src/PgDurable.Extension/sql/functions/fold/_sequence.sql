-- When such a graph has completed, each of its steps has run once and completed. So df.nodes reads what the nodes show from the
-- checkpoints, without df._fold. A sequence begins and ends with the steps in it, and has the result of the last of them.
--
-- In a database where each instance has a graph of its own, there are as many graphs as instances, most of them of one step. These are
-- known by their text, as composers write it.
CREATE FUNCTION df._sequence(p_graph text) RETURNS df._step[]
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node  record;
    v_total integer;
    v_lasts integer[];
    v_steps df._step[];
BEGIN
    IF p_graph ~ '^\{"node_type":"SQL","query":"(?:[^"\\\u0001-\u001f]|\\["\\/bfnrt])*"(?:,"result_name":"\w+")?\}$' THEN
        RETURN ARRAY[ROW(0, 'SQL', p_graph::json ->> 'query', p_graph::json ->> 'result_name', '{}'::integer[], 0, 0)::df._step];
    END IF;
    -- From the last node to the first, so that children come before their parents.
    FOR v_node IN SELECT n.*, cardinality(n.children) AS branches FROM df._graph_nodes(p_graph) n ORDER BY n.node DESC LOOP
        v_total := COALESCE(v_total, v_node.node + 1);
        IF v_node.branches = 2 AND v_node.node_type = 'THEN' THEN
            v_lasts := array_append(v_lasts, v_lasts[v_total - v_node.children[2]]);
        ELSIF v_node.branches = 0 AND v_node.node_type IN
            ('SQL', 'SLEEP', 'WAIT_SCHEDULE', 'HTTP', 'HTTP_MULTIPART', 'SIGNAL', 'CALL', 'ACTIVITY')
        THEN
            v_lasts := array_append(v_lasts, v_node.node);
        ELSE
            RETURN NULL;
        END IF;
        v_steps := array_append(v_steps, ROW(v_node.node, v_node.node_type, v_node.query, v_node.result_name, v_node.children,
                                             v_node.node + v_node.branches / 2, v_lasts[v_total - v_node.node])::df._step);
    END LOOP;
    RETURN ARRAY(SELECT s FROM unnest(v_steps) s ORDER BY s.node);
END
$function$;
COMMENT ON FUNCTION df._sequence(text) IS
    'Internal: the nodes of a graph that consists of steps and sequences of them; NULL for any other graph.';
