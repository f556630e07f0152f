CREATE FUNCTION df._store_graph(p_graph text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph_id bigint;
BEGIN
    PERFORM df._validate(p_graph);
    INSERT INTO df.graphs (graph) VALUES (p_graph) RETURNING graph_id INTO v_graph_id;
    RETURN v_graph_id;
END
$function$;
COMMENT ON FUNCTION df._store_graph(text) IS 'Internal: checks and stores a graph.';
