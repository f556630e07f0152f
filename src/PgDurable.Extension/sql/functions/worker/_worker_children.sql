-- Omits the children whose end the parent has taken, and returns as many of the others as fit: the parent asks again once it has taken
-- these.
CREATE FUNCTION df._worker_children(p_instance bigint)
RETURNS TABLE (node integer, path text, id text, status text, result text, error text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT f.parent_node, f.parent_path, f.id, COALESCE(f.status, CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END),
           f.result::text, f.error::text
      FROM (SELECT s.*, o.status, o.error, r.result,
                   row_number() OVER (PARTITION BY o.status IS NULL ORDER BY s.instance_no) AS n,
                   sum(df._json_size(r.result)) OVER (ORDER BY s.instance_no) AS bytes
              FROM df.submissions s
              LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
              LEFT JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
             CROSS JOIN LATERAL (SELECT CASE WHEN o.status = 'completed' THEN COALESCE(o.result, c.result) END AS result) r
             WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL
               AND NOT EXISTS (SELECT FROM df.checkpoints t WHERE t.instance_no = p_instance AND t.node = s.parent_node
                   AND t.path = s.parent_path)) f
      LEFT JOIN df.queue q ON q.instance_no = f.instance_no
     WHERE f.n = 1 OR COALESCE(f.bytes, 0) <= 33554432
     ORDER BY f.instance_no
$function$;
COMMENT ON FUNCTION df._worker_children(bigint) IS
    'Internal: the children that the df.call steps of an instance started, and their status.';
