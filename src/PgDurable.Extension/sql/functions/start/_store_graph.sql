CREATE FUNCTION df._store_graph(p_graph text, p_sources text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem  text;
    v_graph_id bigint;
BEGIN
    PERFORM df._validate(p_graph);
    v_problem := df._sources_problem(p_graph, p_sources);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO df.graphs (graph, sources) VALUES (p_graph, p_sources) RETURNING graph_id INTO v_graph_id;
    RETURN v_graph_id;
END
$function$;
COMMENT ON FUNCTION df._store_graph(text, text[]) IS 'Internal: checks and stores a graph.';
