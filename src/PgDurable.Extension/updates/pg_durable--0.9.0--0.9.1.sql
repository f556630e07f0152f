CREATE OR REPLACE FUNCTION df.version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '@VERSION@ (built @BUILT@)'::text
$function$;
