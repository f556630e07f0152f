-- A change that older workers or packages can't work with raises this. It must never exceed the release before.
CREATE FUNCTION df._oldest_version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '0.9.0'::text
$function$;
COMMENT ON FUNCTION df._oldest_version() IS 'Internal: the oldest version of the worker and of the packages that work with this schema.';
