CREATE VIEW df.waiting WITH (security_invoker = true) AS
SELECT s.id::varchar AS id,
       s.label,
       s.workflow,
       w.kind,
       w.name,
       w.until,
       df._node_id(w.node) AS node,
       w.path,
       p.paused_at IS NOT NULL AS paused,
       s.submitted_by
  FROM df.queue q
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) q.instance_no
  LEFT JOIN df.pauses p ON p.instance_no OPERATOR(pg_catalog.=) q.instance_no
 -- What comes from a dump waits for nothing else before that is over.
 CROSS JOIN LATERAL df._waits(
       CASE WHEN q.worker_id OPERATOR(pg_catalog.=) 0 THEN '[{"kind": "RESTORED"}]'::json ELSE q.waits END,
       q.due_at, q.started_at, p.paused_at) w
 WHERE q.worker_id IS NULL OR q.worker_id OPERATOR(pg_catalog.=) 0;
COMMENT ON VIEW df.waiting IS
    'What your instances wait for: one row for each wait. What several branches wait for at once stands side by side.';
COMMENT ON COLUMN df.waiting.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.waiting.label IS 'Its label.';
COMMENT ON COLUMN df.waiting.workflow IS 'The registered workflow that it is of; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.waiting.kind IS
    'SLEEP, WAIT_SCHEDULE, SIGNAL, TIMEOUT, RETRY (the pause between attempts), LOOP (between iterations), CALL (a child), START (its time '
    'to begin), WORKER (a free worker), PAUSED (df.resume) or RESTORED (it comes from a dump: df.resume_restored).';
COMMENT ON COLUMN df.waiting.name IS 'Of the signal, or of the child''s workflow.';
COMMENT ON COLUMN df.waiting.until IS 'When the wait ends by itself; NULL when it does not.';
COMMENT ON COLUMN df.waiting.node IS 'The node that waits (df.nodes).';
COMMENT ON COLUMN df.waiting.path IS 'The iterations, attempts and items that the node is in.';
COMMENT ON COLUMN df.waiting.paused IS 'Whether the instance is paused: nothing of it starts before df.resume.';
COMMENT ON COLUMN df.waiting.submitted_by IS 'The role whose rights the steps run with.';
