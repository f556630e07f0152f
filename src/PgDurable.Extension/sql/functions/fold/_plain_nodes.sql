-- When a graph of this kind has completed, each of its steps has run once and completed. What its nodes show can be read from the
-- checkpoints without df._fold, for many instances at a time: a sequence begins and ends with the steps in it, which are numbered
-- from its own number to last, and has the result of the last of them.
CREATE FUNCTION df._plain_nodes(p_graph text)
RETURNS TABLE (node integer, node_type text, query text, result_name text, children integer[], last integer)
LANGUAGE plpgsql IMMUTABLE STRICT COST 10000 ROWS 10 SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE nodes AS MATERIALIZED (
        SELECT n.node, n.node_type, n.query, n.result_name, n.children FROM df._graph_nodes(p_graph) n
    ), walk AS (
        -- Where a sequence is the second child of another, both end with the same step: top is the outermost of these.
        SELECT n.*, n.node AS top FROM nodes n WHERE n.node = 0
        UNION ALL
        SELECT n.*, CASE c.place WHEN 2 THEN w.top ELSE n.node END
          FROM walk w CROSS JOIN LATERAL unnest(w.children) WITH ORDINALITY c (node, place) JOIN nodes n ON n.node = c.node
    )
    SELECT w.node, w.node_type, w.query, w.result_name, w.children, max(w.node) OVER (PARTITION BY w.top)
      FROM walk w
     WHERE NOT EXISTS (
        SELECT FROM nodes o
         WHERE CASE o.node_type WHEN 'THEN' THEN cardinality(o.children) <> 2
                                ELSE o.children <> '{}' OR o.node_type <> ALL (ARRAY['SQL', 'SLEEP', 'WAIT_SCHEDULE', 'HTTP',
                                    'HTTP_MULTIPART', 'SIGNAL', 'CALL', 'ACTIVITY']) END IS NOT FALSE)
     ORDER BY w.node;
END
$function$;
COMMENT ON FUNCTION df._plain_nodes(text) IS
    'Internal: the nodes of a graph that consists of steps and sequences of them; no rows for any other graph.';
