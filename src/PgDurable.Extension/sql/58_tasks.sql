CREATE VIEW df.tasks WITH (security_invoker = true) AS
SELECT t.task_no AS task,
       -- Of the table that has an index for it.
       s.id::text AS instance_id,
       s.label,
       s.workflow,
       df._node_id(t.node) AS node,
       t.path,
       t.name,
       t.queue,
       CASE WHEN t.ended_at IS NOT NULL THEN 'ended'
            WHEN t.held THEN 'held'
            WHEN t.token IS NULL THEN 'waiting'
            WHEN t.claimed_by IS NULL AND t.lease_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp() THEN 'delayed'
            WHEN t.lease_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp() THEN 'running'
            ELSE 'waiting' END AS status,
       t.attempt,
       t.delivery,
       t.created_at,
       -- A lease that ran out is due since then.
       CASE WHEN t.ended_at IS NULL AND NOT t.held THEN
           CASE WHEN t.token IS NULL THEN t.created_at
                WHEN t.lease_until OPERATOR(pg_catalog.<=) pg_catalog.statement_timestamp() THEN t.lease_until END END AS waiting_since,
       t.claimed_by,
       t.claimed_at,
       t.lease_until,
       t.deadline,
       t.progress,
       t.submitted_by
  FROM df.task_queue t
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) t.instance_no;
COMMENT ON VIEW df.tasks IS 'The tasks of your instances'' activities, until the worker has taken their ends.';
COMMENT ON COLUMN df.tasks.task IS 'The task (df.claim_tasks).';
COMMENT ON COLUMN df.tasks.instance_id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.tasks.label IS 'Its label.';
COMMENT ON COLUMN df.tasks.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.tasks.node IS 'The node that waits for the task (df.nodes).';
COMMENT ON COLUMN df.tasks.path IS 'The iterations, attempts and items that the node is in.';
COMMENT ON COLUMN df.tasks.name IS 'The activity''s name.';
COMMENT ON COLUMN df.tasks.queue IS 'The queue that it is claimed from.';
COMMENT ON COLUMN df.tasks.status IS
    'waiting (for somebody to claim it), delayed (released for later), running (claimed), held (its instance is paused, or comes from a '
    'dump) or ended (the worker has not taken it yet).';
COMMENT ON COLUMN df.tasks.attempt IS 'The attempt of the df.retry around the node, from 1.';
COMMENT ON COLUMN df.tasks.delivery IS 'How often this attempt was claimed and not released.';
COMMENT ON COLUMN df.tasks.created_at IS 'When the node was reached.';
COMMENT ON COLUMN df.tasks.waiting_since IS 'Since when it could be claimed; NULL if it can''t be.';
COMMENT ON COLUMN df.tasks.claimed_by IS 'The role that claimed it last.';
COMMENT ON COLUMN df.tasks.claimed_at IS 'When it was claimed last.';
COMMENT ON COLUMN df.tasks.lease_until IS 'When it is due again, if it is claimed or delayed.';
COMMENT ON COLUMN df.tasks.deadline IS 'When the first of the df.timeout around the node ends it; NULL without one.';
COMMENT ON COLUMN df.tasks.progress IS 'How far the claimer has come, in its own words.';
COMMENT ON COLUMN df.tasks.submitted_by IS 'The role that the instance belongs to.';
