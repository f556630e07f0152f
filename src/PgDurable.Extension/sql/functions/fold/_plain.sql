-- json can store \u0000, but nothing can be read from a value that contains it.
CREATE FUNCTION df._plain(p_value json) RETURNS json
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN strpos(p_value::text, '\u0000') = 0 THEN p_value ELSE replace(p_value::text, '\u0000', '\u0001')::json END
$function$;
COMMENT ON FUNCTION df._plain(json) IS 'Internal: a value that can be read, with \u0001 in place of \u0000.';
