CREATE FUNCTION df._node_title(p_node df._step) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE WHEN p_node.node_type = 'SQL' THEN p_node.query
                WHEN p_node.children = '{}' THEN df._explain_node(p_node.node_type, p_node.query, NULL, '{}', 0)
                ELSE p_node.node_type END;
END
$function$;
COMMENT ON FUNCTION df._node_title(df._step) IS 'Internal: what a node does, in one line as in df.explain; for SQL the whole statement.';
