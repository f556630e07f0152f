CREATE FUNCTION df._texts(p_array jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT array_agg(t) FROM jsonb_array_elements_text(p_array) t
$function$;
COMMENT ON FUNCTION df._texts(jsonb) IS 'Internal: the elements of a JSON array.';
