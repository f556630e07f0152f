-- df.explain of an instance. Its states come from df._node_states, which is played here; everything is rolled back.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
BEGIN;
CREATE OR REPLACE FUNCTION df._node_states(p_instance_no bigint) RETURNS TABLE (node integer, inferred_status text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ VALUES (3, 'failed'), (0, 'running'), (1, 'completed'), (2, 'running'), (4, 'skipped'), (5, 'pending'), (6, 'cancelled') $$;
GRANT EXECUTE ON FUNCTION df._node_states(bigint) TO regress_user;
CREATE FUNCTION pg_temp.tree(p_id text) RETURNS SETOF text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN regexp_split_to_table(replace(df.explain(p_id), p_id, '<id>'), E'\n');
SET ROLE regress_user;
SELECT df.start(df.seq('SELECT 1' |=> 'a', df.join('SELECT 2', 'SELECT 3', 'SELECT 4')), 'a label') AS with_label \gset
SELECT df.start(df.seq('SELECT 1' |=> 'a', df.join('SELECT 2', 'SELECT 3', 'SELECT 4'))) AS without \gset
SELECT '[' || line || ']' FROM pg_temp.tree(:'with_label') line;
SELECT rtrim(line) FROM pg_temp.tree(:'without') line LIMIT 3;
SELECT count(*) FROM pg_temp.tree(upper(:'without'));
-- others' instances are not there
RESET ROLE;
GRANT EXECUTE ON FUNCTION df._node_states(bigint) TO regress_http;
SET ROLE regress_http;
SELECT pg_temp.tree(:'without');
-- how it ended
RESET ROLE;
SELECT instance_no AS with_label_no FROM df.submissions WHERE id = :'with_label' \gset
SELECT instance_no AS without_no FROM df.submissions WHERE id = :'without' \gset
INSERT INTO df.outcomes (instance_no, status, error) VALUES (:without_no, 'failed', json_build_object('message', repeat('é', 61)));
INSERT INTO df.checkpoints (instance_no, started_at, node, attempt, worker_id, path, result)
VALUES (:with_label_no, now(), 1, 1, 1, '', '{"rows": [{"a": "b  c"}], "row_count": 1}');
INSERT INTO df.outcomes (instance_no, status, result_node, result_path) VALUES (:with_label_no, 'completed', 1, '');
SET ROLE regress_user;
SELECT rtrim(line) FROM pg_temp.tree(:'with_label') line LIMIT 4;
SELECT rtrim(line) FROM pg_temp.tree(:'without') line LIMIT 4;
RESET ROLE;
UPDATE df.outcomes SET status = 'cancelled', error = '{"message": "canceled: enough"}' WHERE instance_no = :without_no;
SET ROLE regress_user;
SELECT rtrim(line) FROM pg_temp.tree(:'without') line LIMIT 4;
ROLLBACK;
