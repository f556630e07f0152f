CREATE FUNCTION df._node_named(p_graph text, p_name text) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_nodes df._step[] := ARRAY(SELECT n FROM unnest(df._tree(p_graph)) n
                                 WHERE p_name IN (df._node_id(n.node), n.result_name, df._node_title(n),
                                                  df._step_name(NULL, df._node_title(n)))
                                 ORDER BY n.node);
BEGIN
    IF v_nodes = '{}' THEN
        RAISE EXCEPTION 'the instance has no step "%"', df._one_line(p_name, 60)
            USING ERRCODE = 'DF024', HINT = 'Name it as df.explain or df.history shows it, or by its id in df.nodes.';
    ELSIF cardinality(v_nodes) > 1 THEN
        RAISE EXCEPTION '% steps are called "%"', cardinality(v_nodes), df._one_line(p_name, 60)
            USING ERRCODE = 'DF024',
                  HINT = format('Use the id of one of them: %s.',
                                (SELECT string_agg(format('%s (%s)', df._node_id(n.node), n.node_type), ', ' ORDER BY n.node)
                                   FROM unnest(v_nodes[:20]) n));
    END IF;
    RETURN v_nodes[1].node;
END
$function$;
COMMENT ON FUNCTION df._node_named(text, text) IS
    'Internal: the number of the node of a graph that has this id, is called like this, or does this; an error unless it is exactly one.';
