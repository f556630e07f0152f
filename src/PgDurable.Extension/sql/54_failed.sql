CREATE VIEW df.failed WITH (security_invoker = true) AS
SELECT s.id::varchar AS id,
       s.label,
       s.workflow,
       o.completed_at AS failed_at,
       e.message,
       e.sqlstate,
       e.step,
       e.node,
       e.attempt,
       e.sql,
       e.detail,
       e.hint,
       s.submitted_by,
       df._source(o.error, g.sources) AS source
  FROM df.outcomes o
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) o.instance_no
  LEFT JOIN df.graphs g ON g.graph_id OPERATOR(pg_catalog.=) s.graph_id
 CROSS JOIN LATERAL df._error_fields(o.error) e
 WHERE o.status OPERATOR(pg_catalog.=) 'failed';
COMMENT ON VIEW df.failed IS 'Your instances that failed, and why.';
COMMENT ON COLUMN df.failed.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.failed.label IS 'Its label.';
COMMENT ON COLUMN df.failed.workflow IS 'The registered workflow that it is of; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.failed.failed_at IS 'When it failed.';
COMMENT ON COLUMN df.failed.message IS 'What went wrong.';
COMMENT ON COLUMN df.failed.sqlstate IS 'Its code: PostgreSQL''s, or DF0xx.';
COMMENT ON COLUMN df.failed.step IS 'The step: the name of its result, or the beginning of its SQL.';
COMMENT ON COLUMN df.failed.node IS 'The step''s node (df.nodes); NULL when no step was to blame.';
COMMENT ON COLUMN df.failed.attempt IS 'Which attempt of the step it was.';
COMMENT ON COLUMN df.failed.sql IS 'The SQL as it ran, with the values put in.';
COMMENT ON COLUMN df.failed.detail IS 'PostgreSQL''s detail.';
COMMENT ON COLUMN df.failed.hint IS 'What to do about it.';
COMMENT ON COLUMN df.failed.submitted_by IS 'The role whose rights the steps ran with.';
COMMENT ON COLUMN df.failed.source IS 'The line that the step comes from, such as Path/File.cs:21; NULL when it is not known.';
