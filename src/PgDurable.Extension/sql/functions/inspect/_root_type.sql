CREATE FUNCTION df._root_type(p_instance_no bigint) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph text;
BEGIN
    SELECT g.graph INTO v_graph FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id WHERE s.instance_no = p_instance_no;
    -- Composers write it first; only texts that others wrote have to be read as a whole.
    RETURN COALESCE(substring(v_graph FROM '^\{"node_type":"(\w+)"'), v_graph::json ->> 'node_type');
EXCEPTION WHEN data_exception OR statement_too_complex THEN
    RETURN NULL; -- written without df.start
END
$function$;
COMMENT ON FUNCTION df._root_type(bigint) IS 'Internal: the type of a graph''s root node; NULL if the text is not a graph.';
