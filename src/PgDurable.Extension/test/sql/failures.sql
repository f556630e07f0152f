-- df.failures. What a worker would record is written here by hand, and everything is rolled back.
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
BEGIN;
SET ROLE regress_user;
SELECT df.register_workflow('fails', 'SELECT 1', 1);
SELECT count(df.start_workflow('fails', label => n::text)) FROM generate_series(1, 4) n;
SELECT count(df.start('SELECT 1', n::text)) FROM generate_series(5, 6) n;
RESET ROLE;
INSERT INTO df.outcomes (instance_no, status, completed_at, error)
SELECT s.instance_no, CASE WHEN s.label = '4' THEN 'cancelled' ELSE 'failed' END, '2026-01-01'::timestamptz + make_interval(days => s.label::integer),
       CASE s.label WHEN '1' THEN '{"message":"one","sqlstate":"23505","step":"charge"}' WHEN '2' THEN '{"message":"two","sqlstate":"23505","step":"charge"}'
                    WHEN '3' THEN '{"message":"three","sqlstate":"22012","step":"charge"}' WHEN '5' THEN '{"message":"five"}' ELSE '"no \u0000 object"' END::json
  FROM df.submissions s JOIN df.queue q USING (instance_no) WHERE s.label IN ('1', '2', '3', '4', '5', '6');
DELETE FROM df.queue q USING df.outcomes o WHERE q.instance_no = o.instance_no;
SET ROLE regress_user;
SELECT f.workflow, f.step, f.sqlstate, f.failures, f.first_at::date, f.last_at::date, s.label, f.example_message, f.submitted_by
  FROM df.failures f JOIN df.submissions s ON s.id = f.example_id ORDER BY f.failures DESC, f.last_at;
RESET ROLE;
SET ROLE regress_http;
SELECT count(*) FROM df.failures;
ROLLBACK;
