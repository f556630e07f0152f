-- df.why. What a worker would record is written here by hand, and everything is rolled back.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
BEGIN;
SET LOCAL TimeZone = 'UTC';
-- Moments and spans differ from run to run.
CREATE FUNCTION pg_temp.why(p_id text) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN regexp_replace(regexp_replace(regexp_replace(replace(df.why(p_id), p_id, '<id>'), '\d+-\d+-\d+ [\d:]+\+00', '<time>', 'g'),
                                         '\((in )?\d+ (s|min|h|days)( ago)?\)', '(\1<span>\3)', 'g'),
                          '\d+ of your instances (is|are)', '<n> of your instances are');
CREATE FUNCTION pg_temp.waits(p_id text, p_waits json, p_worker integer DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE df.queue q SET started_at = now(), waits = p_waits, worker_id = p_worker
      FROM df.submissions s WHERE s.id = p_id AND q.instance_no = s.instance_no;
END;
SELECT df._span(s) FROM unnest('{-1 s,0.2 s,119 s,2 min,119 min,2 h,47 h,2 days}'::interval[]) s;
SELECT '[' || df._one_line(E' a\tb\n\u0001c  d '), df._one_line(repeat('x', 9), 5);
SET ROLE regress_user;
SELECT df.start(df.retry(df.sql('SELECT no_such(1)') |=> 'charge', 5) ~> df.wait_for_schedule('*/5 * * * *', 'Europe/Berlin')) AS id \gset
-- nobody runs
SELECT pg_temp.why(:'id');
SELECT df.pause(:'id') IS NOT NULL;
SELECT pg_temp.why(:'id');
SELECT df.resume(:'id') IS NOT NULL;
RESET ROLE;
INSERT INTO df.workers (pid, host, version) VALUES (1, 'test', 'test');
SELECT pg_temp.why(:'id');
-- a text that would add a line
SELECT df.why(E'x\nIt completed');
SELECT df.why(NULL);
-- waits
SELECT node, node_type FROM df.submissions s JOIN df.graphs g USING (graph_id), df._graph_nodes(g.graph) WHERE s.id = :'id';
INSERT INTO df.checkpoints (instance_no, started_at, seq, node, attempt, worker_id, path, error)
SELECT s.instance_no, now(), 1, 2, 1, 1, '1:2', '{"message": "function no_such(integer)\n does not exist", "sqlstate": "42883", "step": "charge"}'
  FROM df.submissions s WHERE s.id = :'id';
SELECT pg_temp.waits(:'id', '[{"node":1,"path":"1:2","kind":"RETRY","until":"2099-01-01T00:00:00Z"}]');
SELECT pg_temp.why(:'id');
SELECT pg_temp.waits(:'id', '[{"node":3,"path":"","kind":"WAIT_SCHEDULE","until":"2099-01-01T00:00:00Z"}]');
SELECT pg_temp.why(:'id');
SELECT pg_temp.waits(:'id', '[{"node":3,"path":"","kind":"SIGNAL","name":"go\nIt completed","until":"2099-01-01T00:00:00Z"},'
    '{"node":0,"path":"","kind":"TIMEOUT","until":"2099-01-01T00:00:00Z"},{"node":0,"path":"","kind":"SLEEP","until":"2099-01-01T00:00:00Z"},'
    '{"node":0,"path":"","kind":"LOOP","until":"2099-01-01T00:00:00Z"},{"node":0,"path":"","kind":"SIGNAL","name":"go","until":"infinity"}]');
SELECT pg_temp.why(:'id');
-- an activity
SELECT pg_temp.waits(:'id', '[{"node":3,"path":"","kind":"ACTIVITY","name":"ship"}]');
SELECT pg_temp.why(:'id');
INSERT INTO df.task_queue (instance_no, idempotency_key, submitted_by, node, attempt, lane, instance_id, path, name, queue, input)
SELECT s.instance_no, gen_random_uuid(), s.submitted_by, 3, 2, 0, s.id, '', 'ship', 'heavy', '{}' FROM df.submissions s WHERE s.id = :'id';
SELECT regexp_replace(pg_temp.why(:'id'), 'task \d+', 'task <no>');
UPDATE df.task_queue SET token = gen_random_uuid(), claimed_by = 'regress_http', claimed_at = now(), lease_until = 'infinity', delivery = 3,
    progress = '{"sent": 7}';
SELECT regexp_replace(pg_temp.why(:'id'), 'task \d+', 'task <no>');
DELETE FROM df.task_queue;
-- a child, and what that waits for
SELECT pg_temp.waits(:'id', '[{"node":3,"path":"","kind":"CALL","name":"billing"}]');
SELECT pg_temp.why(:'id');
SET ROLE regress_user;
SELECT df.start(df.wait_for_signal('paid')) AS child \gset
RESET ROLE;
UPDATE df.submissions c SET parent_no = s.instance_no, parent_node = 3, parent_path = '', workflow = 'billing'
  FROM df.submissions s WHERE s.id = :'id' AND c.id = :'child';
SELECT pg_temp.waits(:'child', '[{"node":0,"path":"","kind":"SIGNAL","name":"paid","until":"infinity"}]');
SELECT replace(pg_temp.why(:'id'), :'child', '<child>');
-- in a worker's hands
SELECT pg_temp.waits(:'child', NULL, 7);
SELECT pg_temp.why(:'child');
SELECT pg_temp.waits(:'id', NULL, 7);
SELECT pg_temp.why(:'id');
SELECT pg_temp.waits(:'id', NULL, 0);
SELECT pg_temp.why(:'id');
-- others' instances are not there
SET ROLE regress_http;
SELECT df.why(:'id') = format('There is no instance "%s", or it is not yours.', :'id');
-- the end
RESET ROLE;
DELETE FROM df.queue q USING df.submissions s WHERE s.id = :'id' AND q.instance_no = s.instance_no;
INSERT INTO df.outcomes (instance_no, status, error)
SELECT s.instance_no, 'failed', '{"message": "it broke", "sqlstate": "42883", "step": "charge", "hint": "mend it"}' FROM df.submissions s
 WHERE s.id = :'id';
SELECT pg_temp.why(:'id');
UPDATE df.outcomes o SET status = 'completed', error = NULL FROM df.submissions s WHERE s.id = :'id' AND o.instance_no = s.instance_no;
SELECT pg_temp.why(:'id');
SET ROLE regress_user;
SELECT df.cancel(:'child', 'no longer needed') IS NOT NULL;
SELECT pg_temp.why(:'child');
ROLLBACK;
-- a statement is recognized whatever its values, and no other one is
SELECT df._why_statement('SELECT ''no such session''', NULL);
