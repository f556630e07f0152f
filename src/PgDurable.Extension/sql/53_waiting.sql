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
 -- Until it is released, what comes from a dump waits for nothing else.
 CROSS JOIN LATERAL df._waits(
       CASE WHEN q.worker_id OPERATOR(pg_catalog.=) 0 THEN '[{"kind": "RESTORED"}]'::json ELSE q.waits END,
       q.due_at, q.started_at, p.paused_at) w
 WHERE q.worker_id IS NULL OR q.worker_id OPERATOR(pg_catalog.=) 0
 UNION ALL
-- A worker keeps an instance that waits for a task at hand for a moment.
SELECT s.id::varchar, s.label, s.workflow, 'ACTIVITY', t.name, NULL, df._node_id(t.node), t.path, false, s.submitted_by
  FROM df.task_queue t
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) t.instance_no
  JOIN df.queue q ON q.instance_no OPERATOR(pg_catalog.=) t.instance_no
 WHERE q.worker_id OPERATOR(pg_catalog.>) 0 AND t.ended_at IS NULL;
COMMENT ON VIEW df.waiting IS 'What your instances wait for, one row per wait. Branches that wait at the same time have a row each.';
COMMENT ON COLUMN df.waiting.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.waiting.label IS 'Its label.';
COMMENT ON COLUMN df.waiting.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.waiting.kind IS
    'SLEEP, WAIT_SCHEDULE, SIGNAL, TIMEOUT, RETRY (the pause between attempts), LOOP (between iterations), CALL (a child), ACTIVITY (a '
    'task: df.tasks), START (its start time), WORKER (a free worker), PAUSED (df.resume) or RESTORED (it comes from a dump: '
    'df.resume_restored).';
COMMENT ON COLUMN df.waiting.name IS 'Name of the signal, of the child''s workflow, or of the activity.';
COMMENT ON COLUMN df.waiting.until IS 'When the wait ends by itself; NULL if it does not.';
COMMENT ON COLUMN df.waiting.node IS 'The node that waits (df.nodes).';
COMMENT ON COLUMN df.waiting.path IS 'The iterations, attempts and items that the node is in.';
COMMENT ON COLUMN df.waiting.paused IS 'Whether the instance is paused: nothing in it starts before df.resume.';
COMMENT ON COLUMN df.waiting.submitted_by IS 'The role that the steps run as.';
