CREATE FUNCTION df._worker_lock_class() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT 1346847831 -- "PGDW"
$function$;
COMMENT ON FUNCTION df._worker_lock_class() IS 'Internal: first key of the advisory locks that live workers hold.';
