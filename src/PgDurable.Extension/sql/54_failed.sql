CREATE VIEW df.failed WITH (security_invoker = true) AS
SELECT s.id::varchar AS id,
       s.label,
       s.workflow,
       o.completed_at AS failed_at,
       COALESCE(e.error OPERATOR(pg_catalog.->>) 'message', o.error::text) AS message,
       e.error OPERATOR(pg_catalog.->>) 'sqlstate' AS sqlstate,
       e.error OPERATOR(pg_catalog.->>) 'step' AS step,
       e.error OPERATOR(pg_catalog.->>) 'node' AS node,
       (e.error OPERATOR(pg_catalog.->) 'attempt')::integer AS attempt,
       e.error OPERATOR(pg_catalog.->>) 'sql' AS sql,
       e.error OPERATOR(pg_catalog.->>) 'detail' AS detail,
       e.error OPERATOR(pg_catalog.->>) 'hint' AS hint,
       s.submitted_by,
       df._source(o.error, g.sources) AS source
  FROM df.outcomes o
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) o.instance_no
  LEFT JOIN df.graphs g ON g.graph_id OPERATOR(pg_catalog.=) s.graph_id
 -- OFFSET 0: the error is parsed once per row, and not at all when the rows are only counted.
 CROSS JOIN LATERAL (SELECT df._jsonb(o.error) AS error OFFSET 0) e
 WHERE o.status OPERATOR(pg_catalog.=) 'failed';
COMMENT ON VIEW df.failed IS 'Your instances that failed, and why.';
COMMENT ON COLUMN df.failed.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.failed.label IS 'Its label.';
COMMENT ON COLUMN df.failed.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.failed.failed_at IS 'When it failed.';
COMMENT ON COLUMN df.failed.message IS 'What went wrong.';
COMMENT ON COLUMN df.failed.sqlstate IS 'The SQLSTATE: PostgreSQL''s, or DF0xx.';
COMMENT ON COLUMN df.failed.step IS 'The step: the name of its result, or the beginning of its SQL.';
COMMENT ON COLUMN df.failed.node IS 'The step''s node (df.nodes); NULL if no step was to blame.';
COMMENT ON COLUMN df.failed.attempt IS 'Number of the step''s attempt.';
COMMENT ON COLUMN df.failed.sql IS 'The SQL as it ran, with the values inserted.';
COMMENT ON COLUMN df.failed.detail IS 'PostgreSQL''s detail.';
COMMENT ON COLUMN df.failed.hint IS 'What to do about it.';
COMMENT ON COLUMN df.failed.submitted_by IS 'The role that the steps ran as.';
COMMENT ON COLUMN df.failed.source IS 'The source line of the step, such as Path/File.cs:21; NULL if unknown.';
