-- :n finished instances of the role bench, written past the triggers as so many runs would have left them: half of one step, half of two,
-- 200 of them failed, each with an idempotency key, ended over the last day. Then 100,000 that wait, and 1,000 that are due.
SET ROLE bench;
CREATE TEMP TABLE model AS
SELECT kind, df.start(graph) AS id FROM (VALUES (1, df.sql('SELECT 1')), (2, 'SELECT 1' ~> 'SELECT 2')) AS g (kind, graph);
RESET ROLE;
SET session_replication_role = replica;
CREATE TEMP TABLE made AS
SELECT nextval('df.submissions_instance_no_seq') AS instance_no, n, s.graph_id, s.submitted_by, m.kind,
       now() - interval '1 day' * (1 - (n % :n)::float8 / :n) AS at
  FROM generate_series(1, :n + 101000) n
  JOIN model m ON m.kind = 1 + n % 2 JOIN df.submissions s ON s.id = m.id
 ORDER BY n;
INSERT INTO df.submissions (instance_no, graph_id, submitted_by, created_at, id, idempotency_key) OVERRIDING SYSTEM VALUE
SELECT instance_no, graph_id, submitted_by, at, lpad(to_hex(n), 8, '0'), 'key-' || n FROM made ORDER BY n;
INSERT INTO df.outcomes (instance_no, completed_at, started_at, status, result_node, result_path, error)
SELECT instance_no, at, at, CASE WHEN failed THEN 'failed' ELSE 'completed' END, 2 * (kind - 1), '',
       CASE WHEN failed THEN json_build_object('message', 'division by zero', 'sqlstate', '22012') END
  FROM (SELECT *, kind = 1 AND n % (:n / 200) < 2 AS failed FROM made WHERE n <= :n) m ORDER BY n;
INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, result, error)
SELECT instance_no, at, at, node, 1, 1, node,
       CASE WHEN NOT failed THEN '{"rows":[{"?column?":1}],"row_count":1,"rows_affected":1}'::json END,
       CASE WHEN failed THEN json_build_object('message', 'division by zero', 'sqlstate', '22012') END
  FROM (SELECT *, kind = 1 AND n % (:n / 200) < 2 AS failed FROM made WHERE n <= :n) m
 CROSS JOIN LATERAL generate_series(kind - 1, 2 * (kind - 1)) node ORDER BY n, node;
INSERT INTO df.queue (instance_no, due_at, started_at, submitted_by, waits)
SELECT instance_no, CASE WHEN n <= :n + 100000 THEN 'infinity' ELSE '-infinity' END::timestamptz,
       CASE WHEN n <= :n + 100000 THEN at END, submitted_by,
       CASE WHEN n <= :n + 100000 THEN '[{"node":0,"path":"","kind":"SIGNAL","name":"go"}]'::json END
  FROM made WHERE n > :n ORDER BY n;
RESET session_replication_role;
VACUUM ANALYZE;
CHECKPOINT;
