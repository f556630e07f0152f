CREATE FUNCTION df._worker_children(p_instance bigint)
RETURNS TABLE (node integer, path text, id text, status text, result text, error text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT s.parent_node, s.parent_path, s.id, COALESCE(o.status, CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END),
           CASE WHEN o.status = 'completed' THEN COALESCE(o.result, c.result)::text END, o.error::text
      FROM df.submissions s
      LEFT JOIN df.queue q ON q.instance_no = s.instance_no
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
     WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL
     ORDER BY s.instance_no
$function$;
COMMENT ON FUNCTION df._worker_children(bigint) IS 'Internal: the children that the df.call steps of an instance started, and how they stand.';
