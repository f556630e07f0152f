-- Numbers the nodes in pre-order, as the worker does. A node that is not fit to have children is not looked into.
CREATE FUNCTION df._flatten(p_graph text)
RETURNS TABLE (node integer, path text, depth integer, node_type text, query text, result_name text, children text[], defect text)
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    WITH RECURSIVE tree AS (
        SELECT ARRAY[]::integer[] AS place, 'root'::text AS path, 0 AS depth, p_graph::jsonb AS envelope
        UNION ALL
        SELECT t.place || c.place, t.path || c.path, t.depth + 1, c.envelope
          FROM tree t
         CROSS JOIN LATERAL (
            SELECT ARRAY[1] AS place, '.left' AS path, t.envelope -> 'left_node' AS envelope
            UNION ALL SELECT ARRAY[2], '.right', t.envelope -> 'right_node'
            UNION ALL SELECT ARRAY[3], '.condition_node', t.envelope -> 'condition_node'
            UNION ALL SELECT ARRAY[4, e.n::integer], '.extra_nodes[' || (e.n - 1) || ']', e.value
                        FROM jsonb_array_elements(CASE jsonb_typeof(t.envelope -> 'extra_nodes') WHEN 'array' THEN t.envelope -> 'extra_nodes' END)
                             WITH ORDINALITY AS e (value, n)) AS c
         WHERE t.depth <= 256 AND COALESCE(jsonb_typeof(c.envelope), 'null') <> 'null'
    )
    SELECT (row_number() OVER (ORDER BY t.place))::integer - 1, t.path, t.depth,
           t.envelope ->> 'node_type', t.envelope ->> 'query', t.envelope ->> 'result_name',
           ARRAY(SELECT k FROM unnest(ARRAY['left_node', 'right_node', 'condition_node', 'extra_nodes']) k
                  WHERE COALESCE(jsonb_typeof(t.envelope -> k), 'null') <> 'null'),
           df._node_defect(t.envelope)
      FROM tree t
     ORDER BY t.place
$function$;
COMMENT ON FUNCTION df._flatten(text) IS 'Internal: the nodes of a graph, numbered in pre-order.';
