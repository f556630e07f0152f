-- df.explain of an instance. What a worker would record is written here by hand, and everything is rolled back.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
BEGIN;
CREATE FUNCTION pg_temp.tree(p_id text) RETURNS SETOF text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN regexp_split_to_table(replace(df.explain(p_id), p_id, '<id>'), E'\n');
CREATE FUNCTION pg_temp.checkpoint(p_id text, p_seq integer, p_node integer, p_result json, p_error json DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO df.checkpoints (instance_no, started_at, seq, node, attempt, worker_id, path, result, error)
    SELECT s.instance_no, now(), p_seq, p_node, 1, 1, '', p_result, p_error FROM df.submissions s WHERE s.id = p_id;
END;

SET ROLE regress_user;
SELECT df.start(df.seq('SELECT 1' |=> 'a', df.if('SELECT true', 'SELECT 2' ~> 'SELECT 3', 'SELECT 4') & 'SELECT 5'), 'a label') AS id \gset
SELECT '[' || line || ']' FROM pg_temp.tree(:'id') line;
SELECT count(*) FROM pg_temp.tree(upper(:'id'));
SELECT df.start('SELECT 1') AS plain \gset
SELECT rtrim(line) FROM pg_temp.tree(:'plain') line;
-- others' instances are not there
RESET ROLE;
SET ROLE regress_http;
SELECT pg_temp.tree(:'plain');

-- under way: node 1 is the first step, 8 the condition, 5 and 6 are the arm that was taken
RESET ROLE;
UPDATE df.queue q SET started_at = now() FROM df.submissions s WHERE s.id = :'id' AND q.instance_no = s.instance_no;
SELECT pg_temp.checkpoint(:'id', 1, 1, '{"rows": [{"a": 1}], "row_count": 1}');
SELECT pg_temp.checkpoint(:'id', 2, 8, '{"rows": [{"a": true}], "row_count": 1}');
SELECT pg_temp.checkpoint(:'id', 3, 5, '{"rows": [{"a": 1}], "row_count": 1}');
SET ROLE regress_user;
SELECT rtrim(line) FROM pg_temp.tree(:'id') line;

-- failed: the message is cut by characters
RESET ROLE;
SELECT pg_temp.checkpoint(:'id', 4, 6, NULL, json_build_object('message', repeat('é', 61)));
DELETE FROM df.queue q USING df.submissions s WHERE s.id = :'id' AND q.instance_no = s.instance_no;
INSERT INTO df.outcomes (instance_no, status, error)
SELECT instance_no, 'failed', json_build_object('message', repeat('é', 61)) FROM df.submissions WHERE id = :'id';
SET ROLE regress_user;
SELECT rtrim(line) FROM pg_temp.tree(:'id') line;

-- cancelled
SAVEPOINT running;
SELECT df.cancel(:'plain', 'enough') IS NOT NULL;
SELECT rtrim(line) FROM pg_temp.tree(:'plain') line;
ROLLBACK TO running;
RESET ROLE;

-- completed
SELECT pg_temp.checkpoint(:'plain', 1, 0, '{"rows": [{"a": "b  c"}], "row_count": 1}');
DELETE FROM df.queue q USING df.submissions s WHERE s.id = :'plain' AND q.instance_no = s.instance_no;
INSERT INTO df.outcomes (instance_no, status, result_node, result_path)
SELECT instance_no, 'completed', 0, '' FROM df.submissions WHERE id = :'plain';
SET ROLE regress_user;
SELECT rtrim(line) FROM pg_temp.tree(:'plain') line;
ROLLBACK;
