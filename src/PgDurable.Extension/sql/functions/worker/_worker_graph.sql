CREATE FUNCTION df._worker_graph(p_graph bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    SELECT g.graph FROM df.graphs g WHERE g.graph_id = p_graph
$function$;
COMMENT ON FUNCTION df._worker_graph(bigint) IS 'Internal: the text of a graph.';
