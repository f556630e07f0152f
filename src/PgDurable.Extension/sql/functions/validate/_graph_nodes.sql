-- A graph that was written without df.start may be anything. It must not break a listing of the instances of all roles.
CREATE FUNCTION df._graph_nodes(p_graph text)
RETURNS TABLE (node integer, node_type text, query text, result_name text, children integer[])
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH flat AS MATERIALIZED (
        SELECT * FROM df._flatten(p_graph) f
    ), families AS (
        SELECT f.parent, array_agg(f.node ORDER BY f.node) AS children FROM flat f WHERE f.parent IS NOT NULL GROUP BY f.parent
    )
    SELECT f.node, f.node_type, f.query, f.result_name, COALESCE(c.children, '{}')
      FROM flat f LEFT JOIN families c ON c.parent = f.node
     ORDER BY f.node;
EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN;
END
$function$;
COMMENT ON FUNCTION df._graph_nodes(text) IS
    'Internal: the nodes of a graph, each with the numbers of its children: left, right, condition, extras. No rows if the text is not a '
    'graph.';
