-- An instance is either in df.queue or has an outcome, and the few outcomes that are not 'completed' have an index of their own. So a count
-- by status reads no other outcome. df.outcomes is read again for the columns that need it; a query that asks for none of them doesn't.
CREATE VIEW df.instances WITH (security_invoker = true) AS
SELECT s.id,
       s.label,
       '00000000'::varchar(8) AS root_node,
       COALESCE(f.status, CASE WHEN q.instance_no IS NULL THEN 'completed' WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END)
           AS status,
       s.submitted_by,
       s.database,
       s.created_at,
       GREATEST(s.created_at, q.started_at, o.completed_at) AS updated_at,
       CASE WHEN o.status OPERATOR(pg_catalog.=) 'completed' THEN o.completed_at END AS completed_at,
       COALESCE(o.started_at, q.started_at) AS started_at,
       o.completed_at AS ended_at,
       s.workflow,
       s.workflow_version,
       df._execution_count(s.instance_no) AS execution_count,
       s.forked_from
  FROM df.submissions s
  LEFT JOIN df.queue q ON q.instance_no OPERATOR(pg_catalog.=) s.instance_no
  LEFT JOIN df.outcomes f ON f.instance_no OPERATOR(pg_catalog.=) s.instance_no AND f.status OPERATOR(pg_catalog.<>) 'completed'
  LEFT JOIN df.outcomes o ON o.instance_no OPERATOR(pg_catalog.=) s.instance_no;
COMMENT ON VIEW df.instances IS 'Your instances and their status.';
COMMENT ON COLUMN df.instances.id IS 'The id that df.start returned.';
COMMENT ON COLUMN df.instances.label IS 'The label given to df.start.';
COMMENT ON COLUMN df.instances.root_node IS 'Id of the graph''s root node (df.nodes).';
COMMENT ON COLUMN df.instances.status IS 'pending, running, completed, failed or cancelled.';
COMMENT ON COLUMN df.instances.submitted_by IS 'The role that the steps run as.';
COMMENT ON COLUMN df.instances.database IS 'The database that the steps run in; NULL means this one.';
COMMENT ON COLUMN df.instances.created_at IS 'Time of the transaction that called df.start.';
COMMENT ON COLUMN df.instances.updated_at IS 'When the status last changed.';
COMMENT ON COLUMN df.instances.completed_at IS 'When the instance completed; NULL if it did not.';
COMMENT ON COLUMN df.instances.started_at IS 'When a worker first claimed it; NULL while it is pending.';
COMMENT ON COLUMN df.instances.ended_at IS 'When it completed, failed or was cancelled.';
COMMENT ON COLUMN df.instances.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.instances.workflow_version IS 'Version of that workflow.';
COMMENT ON COLUMN df.instances.execution_count IS 'The current iteration of a graph that is a loop; 1 for all other graphs.';
COMMENT ON COLUMN df.instances.forked_from IS 'The instance that df.fork started it from; NULL for all others.';
CREATE TRIGGER written INSTEAD OF INSERT OR UPDATE OR DELETE ON df.instances FOR EACH ROW EXECUTE FUNCTION df._view_written();
