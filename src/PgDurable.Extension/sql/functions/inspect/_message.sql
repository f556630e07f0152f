CREATE FUNCTION df._message(p_error json) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(df._jsonb(p_error) ->> 'message', p_error::text)
$function$;
COMMENT ON FUNCTION df._message(json) IS 'Internal: the message of an error.';
