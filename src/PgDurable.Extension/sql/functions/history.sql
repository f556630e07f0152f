CREATE FUNCTION df.history(instance_id text)
RETURNS TABLE (node text, step text, path text, attempt integer, status text, started_at timestamptz, finished_at timestamptz,
               duration interval, rows bigint, error text, worker integer)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT lpad(to_hex(c.node), 8, '0'), df._step_name(f.result_name, f.query), c.path, c.attempt,
           CASE WHEN c.error IS NULL THEN 'completed' ELSE 'failed' END, c.started_at, c.finished_at, c.finished_at - c.started_at,
           GREATEST((c.result ->> 'rows_affected')::bigint, (c.result ->> 'row_count')::bigint), c.error ->> 'message', c.worker_id
      FROM df.submissions s
      JOIN df.graphs g ON g.graph_id = s.graph_id
     CROSS JOIN LATERAL df._flatten(g.graph) f
      JOIN df.checkpoints c ON c.instance_no = s.instance_no AND c.node = f.node
     WHERE s.id = instance_id
     ORDER BY c.finished_at, c.node
$function$;
COMMENT ON FUNCTION df.history(text) IS
    'What an instance did: one row per finished execution of a step, with its timing, the rows it returned or changed, and the worker that ran it.';
