-- Where programs written for pg_durable look for a ready worker. None of its engine's other tables are here.
CREATE SCHEMA _duroxide;
COMMENT ON SCHEMA _duroxide IS 'What programs written for pg_durable look for: see df.duroxide_schema.';
CREATE VIEW _duroxide._worker_ready AS
SELECT 2 AS schema_version, e.epoch_id, e.last_seen_at
  FROM df._worker_epoch e
 WHERE e.last_seen_at OPERATOR(pg_catalog.>) (pg_catalog.now() OPERATOR(pg_catalog.-) '00:01:00'::interval);
COMMENT ON VIEW _duroxide._worker_ready IS 'One row while a worker is ready.';
COMMENT ON COLUMN _duroxide._worker_ready.schema_version IS 'Always 2.';
COMMENT ON COLUMN _duroxide._worker_ready.epoch_id IS 'As in df._worker_epoch.';
COMMENT ON COLUMN _duroxide._worker_ready.last_seen_at IS 'The worker''s last heartbeat.';
REVOKE ALL ON SCHEMA _duroxide FROM PUBLIC;
REVOKE ALL ON _duroxide._worker_ready FROM PUBLIC;

CREATE FUNCTION df.duroxide_schema() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '_duroxide'::text
$function$;
REVOKE ALL ON FUNCTION df.duroxide_schema() FROM PUBLIC;
COMMENT ON FUNCTION df.duroxide_schema() IS 'The schema in which _worker_ready says whether a worker is ready.';
