CREATE FUNCTION df._root_type(p_instance_no bigint) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT g.graph::json ->> 'node_type' FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id WHERE s.instance_no = p_instance_no
$function$;
COMMENT ON FUNCTION df._root_type(bigint) IS 'Internal: the type of a graph''s root node.';
