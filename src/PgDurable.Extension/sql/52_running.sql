CREATE VIEW df.running WITH (security_invoker = true) AS
SELECT s.id::varchar AS id,
       s.label,
       s.workflow,
       (SELECT pg_catalog.string_agg(df._step_name(n.result_name, COALESCE(n.query, n.node_type)), ', ' ORDER BY n.node)
          FROM df._node_states(q.instance_no) n
         WHERE n.inferred_status OPERATOR(pg_catalog.=) 'running' AND n.children OPERATOR(pg_catalog.=) '{}') AS step,
       q.started_at,
       pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) q.started_at AS running_for,
       q.worker_id AS worker,
       s.submitted_by
  FROM df.queue q
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) q.instance_no
 -- No worker has the number 0: it holds what comes from a dump (df.waiting).
 WHERE q.worker_id OPERATOR(pg_catalog.<>) 0;
COMMENT ON VIEW df.running IS 'Your instances that a worker holds, and the steps they are at.';
COMMENT ON COLUMN df.running.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.running.label IS 'Its label.';
COMMENT ON COLUMN df.running.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.running.step IS 'The steps that are running: names of results, or the beginning of the SQL.';
COMMENT ON COLUMN df.running.started_at IS 'When a worker first claimed it.';
COMMENT ON COLUMN df.running.running_for IS 'The time since then.';
COMMENT ON COLUMN df.running.worker IS 'Number of the worker.';
COMMENT ON COLUMN df.running.submitted_by IS 'The role that the steps run as.';
