CREATE VIEW df.instances WITH (security_invoker = true) AS
SELECT s.id::varchar(8) AS id,
       s.label,
       '00000000'::varchar(8) AS root_node,
       COALESCE(o.status, CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END) AS status,
       s.submitted_by,
       s.database,
       s.created_at,
       GREATEST(s.created_at, q.started_at, o.completed_at) AS updated_at,
       CASE WHEN o.status OPERATOR(pg_catalog.=) 'completed' THEN o.completed_at END AS completed_at
  FROM df.submissions s
  LEFT JOIN df.queue q ON q.instance_no OPERATOR(pg_catalog.=) s.instance_no
  LEFT JOIN df.outcomes o ON o.instance_no OPERATOR(pg_catalog.=) s.instance_no;
COMMENT ON VIEW df.instances IS 'Your instances and how they stand.';
COMMENT ON COLUMN df.instances.id IS 'The id that df.start returned.';
COMMENT ON COLUMN df.instances.label IS 'The label given to df.start.';
COMMENT ON COLUMN df.instances.root_node IS 'Id of the graph''s root node.';
COMMENT ON COLUMN df.instances.status IS 'pending, running, completed, failed or cancelled.';
COMMENT ON COLUMN df.instances.submitted_by IS 'The role whose rights the steps run with.';
COMMENT ON COLUMN df.instances.database IS 'The database that the steps run in; NULL is this one.';
COMMENT ON COLUMN df.instances.created_at IS 'Time of the transaction that called df.start.';
COMMENT ON COLUMN df.instances.updated_at IS 'When the status last changed.';
COMMENT ON COLUMN df.instances.completed_at IS 'When the instance completed; NULL unless it did.';
