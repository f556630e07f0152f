-- IMMUTABLE, because changing the setting needs a restart.
CREATE FUNCTION df.target_database() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(current_setting('pg_durable.database', true), current_database()::text)
$function$;
COMMENT ON FUNCTION df.target_database() IS 'The database that holds the extension and that its worker serves.';
