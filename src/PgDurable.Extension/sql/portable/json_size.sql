CREATE FUNCTION df._json_size(p_value json) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT pg_column_size(p_value)
$function$;
COMMENT ON FUNCTION df._json_size(json) IS 'Internal: the length of a value in bytes, as stored.';
