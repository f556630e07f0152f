CREATE FUNCTION df.run(instance_id text DEFAULT NULL) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE('Triggered run for instance: ' || instance_id, 'Triggered run for all pending instances')
$function$;
COMMENT ON FUNCTION df.run(text) IS 'Does nothing: an instance runs as soon as the transaction that started it commits.';
