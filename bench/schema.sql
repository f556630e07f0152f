CREATE EXTENSION pg_durable;
CREATE ROLE bench LOGIN;
SELECT df.grant_usage('bench');
CREATE SCHEMA bench AUTHORIZATION bench;
SET ROLE bench;

-- What a step does, in both.
CREATE TABLE bench.effect (instance bigint NOT NULL, step integer NOT NULL, at timestamptz NOT NULL DEFAULT now());

-- What pgbench writes in the place of a checkpoint and of an instance.
CREATE TABLE bench.checkpoint (
    instance_no bigint, started_at timestamptz, finished_at timestamptz DEFAULT clock_timestamp(),
    node integer, attempt integer, worker_id integer,
    path text, result json, columns json, error json, PRIMARY KEY (instance_no, node, path));
CREATE TABLE bench.instance (
    instance_no bigint PRIMARY KEY, created_at timestamptz DEFAULT now(), status text DEFAULT 'pending', input jsonb);
CREATE SEQUENCE bench.number CACHE 100;
