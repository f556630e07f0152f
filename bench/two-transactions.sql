SELECT nextval('bench.number') AS n \gset
INSERT INTO bench.instance (instance_no, input) VALUES (:n, '{"n":1}');
BEGIN;
INSERT INTO bench.effect (instance, step) VALUES (:n, -1);
INSERT INTO bench.checkpoint (instance_no, started_at, node, attempt, worker_id, path, result, columns)
VALUES (:n, now(), 1, 1, 1, '', '{"rows":[],"row_count":0,"rows_affected":1}', '[]');
UPDATE bench.instance SET status = 'completed' WHERE instance_no = :n;
COMMIT;
