CREATE FUNCTION df._explain_instance(p_id text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint;
    v_label       text;
    v_status      text;
    v_graph       text;
    v_output      text;
    v_source      text;
    v_fork        text;
    v_markers     text[];
BEGIN
    SELECT s.instance_no, s.label, i.status, g.graph, df._output(s.instance_no), df._source(o.error, g.sources),
           CASE WHEN s.forked_from IS NOT NULL
                THEN format(E'Fork:     of %s, from node %s\n', s.forked_from, df._node_id(s.forked_node)) END
      INTO v_instance_no, v_label, v_status, v_graph, v_output, v_source, v_fork
      FROM df.submissions s
      JOIN df.instances i ON i.id = s.id
      LEFT JOIN df.graphs g ON g.graph_id = s.graph_id
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
     WHERE s.id = p_id;
    IF NOT FOUND THEN
        RETURN format('Instance ''%s'' not found', p_id);
    ELSIF v_graph IS NULL THEN
        RETURN format('No nodes found for instance ''%s''', p_id);
    END IF;

    IF length(v_output) > 60 THEN
        v_output := left(v_output, 57) || '...';
    END IF;

    SELECT array_agg(CASE n.inferred_status
                         WHEN 'completed' THEN ' ✓' WHEN 'failed' THEN ' ✗' WHEN 'cancelled' THEN ' ✗' WHEN 'running' THEN ' ⏳'
                         WHEN 'pending' THEN ' ○' WHEN 'skipped' THEN ' ⊘' END ORDER BY n.node)
      INTO v_markers
      FROM df._node_states(v_instance_no) n;

    RETURN format(E'Instance: %s%s\n%sStatus:   %s %s\n%s%s\n', p_id, COALESCE(' (' || v_label || ')', ''), COALESCE(v_fork, ''),
                  CASE v_status WHEN 'completed' THEN '✓' WHEN 'running' THEN '⏳' WHEN 'pending' THEN '○' ELSE '✗' END,
                  CASE v_status WHEN 'pending' THEN v_status ELSE initcap(v_status) END,
                  COALESCE(E'Output:   ' || v_output || E'\n', ''), COALESCE(E'Source:   ' || v_source || E'\n', ''))
        || df._explain_tree(v_graph, v_markers);
END
$function$;
COMMENT ON FUNCTION df._explain_instance(text) IS
    'Internal: the status of an instance, and the tree of its graph with the states of its nodes.';
