-- df.export_history: a run as one document. What a worker would record is written here by hand, and everything is rolled back.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
BEGIN;
SET timezone = 'Asia/Kolkata';
CREATE FUNCTION pg_temp.checkpoint(
    p_id text, p_seq integer, p_node integer, p_path text, p_result json, p_columns json DEFAULT NULL, p_error json DEFAULT NULL)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, seq, node, attempt, worker_id, path, result, columns, error)
    SELECT s.instance_no, '2026-01-02 03:04:05Z', '2026-01-02 03:04:05.678901Z', p_seq, p_node, 1, 1, p_path, p_result, p_columns, p_error
      FROM df.submissions s WHERE s.id = p_id;
END;
CREATE FUNCTION pg_temp.export(p_id text) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN replace(df.export_history(p_id)::text, p_id, '<id>');

SET ROLE regress_user;
SELECT df.setvar('region', 'EU') \g /dev/null
SELECT df.register_workflow('exported', df.loop('SELECT 1' |=> 'a')) AS version \g /dev/null
SELECT df.start_workflow('exported', '{"n": 1.50}', 'a label') AS id \gset
SELECT df.clearvars() \g /dev/null
-- nothing has happened yet
SELECT pg_temp.export(:'id');
-- as stored: the order is that of the engine, numbers and characters are as they were
RESET ROLE;
UPDATE df.queue q SET started_at = '2026-01-02 03:04:00Z' FROM df.submissions s WHERE s.id = :'id' AND q.instance_no = s.instance_no;
SELECT pg_temp.checkpoint(:'id', 2, 1, '0:2', NULL, NULL, '{"message":"\u0000","node":"00000001"}');
SELECT pg_temp.checkpoint(:'id', 1, 0, '0:1', '{"result": 1.10, "result":2}');
SELECT pg_temp.checkpoint(:'id', 0, 1, '0:1', 'null', '[["a","int4"]]');
SET ROLE regress_user;
SELECT pg_temp.export(:'id');
-- failed; and completed, with a result of its own or a checkpoint's
RESET ROLE;
DELETE FROM df.queue q USING df.submissions s WHERE s.id = :'id' AND q.instance_no = s.instance_no;
INSERT INTO df.outcomes (instance_no, started_at, completed_at, status, error)
SELECT instance_no, '2026-01-02 03:04:00Z', '2026-01-02 03:05Z', 'failed', '{"message":"\u0000","node":"00000001"}'
  FROM df.submissions WHERE id = :'id';
SET ROLE regress_user;
SELECT regexp_replace(pg_temp.export(:'id'), '"graph".*"vars"|"checkpoints".*', '...', 'g');
RESET ROLE;
UPDATE df.outcomes o SET status = 'completed', error = NULL, result_node = 1, result_path = '0:1'
  FROM df.submissions s WHERE s.id = :'id' AND o.instance_no = s.instance_no;
SET ROLE regress_user;
SELECT regexp_replace(pg_temp.export(:'id'), '"graph".*"vars"|"checkpoints".*', '...', 'g');
RESET ROLE;
UPDATE df.outcomes o SET result = '[1,  2]' FROM df.submissions s WHERE s.id = :'id' AND o.instance_no = s.instance_no;
SET ROLE regress_user;
SELECT regexp_replace(pg_temp.export(:'id'), '"graph".*"vars"|"checkpoints".*', '...', 'g');
-- an ad-hoc graph
SELECT df.start('SELECT 2') AS adhoc \gset
SELECT pg_temp.export(:'adhoc');
-- nobody else's, but a superuser's
RESET ROLE;
SET ROLE regress_http;
SAVEPOINT hidden;
\set VERBOSITY sqlstate
SELECT df.export_history(:'adhoc') IS NOT NULL;
\set VERBOSITY default
ROLLBACK TO hidden;
RESET ROLE;
SELECT df.export_history(:'adhoc') IS NOT NULL, df.export_history(NULL);
ROLLBACK;
