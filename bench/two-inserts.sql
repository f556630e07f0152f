BEGIN;
INSERT INTO bench.effect (instance, step) VALUES (nextval('bench.number'), -1);
INSERT INTO bench.checkpoint (instance_no, started_at, node, attempt, worker_id, path, result, columns)
VALUES (nextval('bench.number'), now(), 1, 1, 1, '', '{"rows":[],"row_count":0,"rows_affected":1}', '[]');
COMMIT;
