CREATE VIEW df.failures WITH (security_invoker = true) AS
SELECT f.workflow,
       f.step,
       f.sqlstate,
       pg_catalog.count(*) AS failures,
       pg_catalog.min(f.failed_at) AS first_at,
       pg_catalog.max(f.failed_at) AS last_at,
       (pg_catalog.array_agg(f.id ORDER BY f.failed_at DESC))[1] AS example_id,
       (pg_catalog.array_agg(f.message ORDER BY f.failed_at DESC))[1] AS example_message,
       f.submitted_by
  FROM df.failed f
 GROUP BY f.submitted_by, f.workflow, f.step, f.sqlstate;
COMMENT ON VIEW df.failures IS 'Your instances that failed, grouped by what went wrong where: see df.failed for each of them.';
COMMENT ON COLUMN df.failures.workflow IS 'The registered workflow; NULL for ad-hoc graphs.';
COMMENT ON COLUMN df.failures.step IS 'The step: the name of its result, or the beginning of its SQL; NULL if no step was to blame.';
COMMENT ON COLUMN df.failures.sqlstate IS 'The SQLSTATE: PostgreSQL''s, or DF0xx.';
COMMENT ON COLUMN df.failures.failures IS 'How many instances failed like this, among those that retention keeps.';
COMMENT ON COLUMN df.failures.first_at IS 'When the first of them failed.';
COMMENT ON COLUMN df.failures.last_at IS 'When the last of them failed.';
COMMENT ON COLUMN df.failures.example_id IS 'The last of them.';
COMMENT ON COLUMN df.failures.example_message IS 'Its message.';
COMMENT ON COLUMN df.failures.submitted_by IS 'The role that the steps ran as.';
