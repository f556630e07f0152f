CREATE FUNCTION df._tree(p_graph text) RETURNS df._step[]
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node  record;
    v_total integer;
    v_lasts integer[];
    v_nodes df._step[];
BEGIN
    -- From the last node to the first, so that children come before their parents.
    FOR v_node IN SELECT n.* FROM df._graph_nodes(p_graph) n ORDER BY n.node DESC LOOP
        v_total := COALESCE(v_total, v_node.node + 1);
        v_lasts := array_append(v_lasts, CASE WHEN v_node.children = '{}' THEN v_node.node
                                              ELSE v_lasts[v_total - v_node.children[cardinality(v_node.children)]] END);
        v_nodes := array_append(v_nodes, ROW(v_node.node, v_node.node_type, v_node.query, v_node.result_name, v_node.children,
                                             v_node.node, v_lasts[v_total - v_node.node])::df._step);
    END LOOP;
    RETURN ARRAY(SELECT n FROM unnest(v_nodes) n ORDER BY n.node);
END
$function$;
COMMENT ON FUNCTION df._tree(text) IS 'Internal: the nodes of a graph, each with the first and the last node at or below it.';
