CREATE FUNCTION df.history(instance_id text)
RETURNS TABLE (node text, step text, path text, iteration bigint, attempt integer, status text, started_at timestamptz,
               finished_at timestamptz, duration interval, rows bigint, error text, worker integer, source text)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    WITH nodes AS MATERIALIZED (
        SELECT n.*, s.instance_no, g.sources[n.node + 1] AS source
          FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id CROSS JOIN LATERAL df._graph_nodes(g.graph) n
         WHERE s.id = instance_id
    ), loops AS MATERIALIZED (
        SELECT n.node FROM nodes n WHERE n.node_type = 'LOOP'
    )
    SELECT df._node_id(c.node),
           df._step_name(n.result_name, CASE n.node_type WHEN 'ACTIVITY' THEN df._explain_node(n.node_type, n.query, NULL, '{}', 0)
                                                         ELSE COALESCE(n.query, n.node_type) END),
           c.path,
           -- The innermost segment of the path that belongs to a loop.
           (SELECT split_part(p.segment, ':', 2)::bigint
              FROM unnest(string_to_array(c.path, '/')) WITH ORDINALITY p (segment, place)
              JOIN loops l ON l.node = split_part(p.segment, ':', 1)::integer
             ORDER BY p.place DESC LIMIT 1),
           c.attempt, CASE WHEN c.error IS NULL THEN 'completed' ELSE 'failed' END,
           c.started_at, c.finished_at, GREATEST(c.finished_at - c.started_at, '0'),
           CASE n.node_type WHEN 'SQL'
                THEN (SELECT GREATEST((r ->> 'rows_affected')::bigint, (r ->> 'row_count')::bigint) FROM df._plain(c.result) r) END,
           df._message(c.error), c.worker_id, n.source
      FROM nodes n
      JOIN df.checkpoints c ON c.instance_no = n.instance_no AND c.node = n.node
     ORDER BY c.seq, c.finished_at, c.node
$function$;
COMMENT ON FUNCTION df.history(text) IS
    'What an instance did, in order: one row per finished execution of a step or wait, and per loop iteration that is over, with its '
    'timing, the rows that it returned or changed, the worker that ran it and its source line.';
