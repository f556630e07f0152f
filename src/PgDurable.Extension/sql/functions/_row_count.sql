CREATE FUNCTION df._row_count(p_result json) RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE json_typeof(COALESCE(p_result -> 'rows', p_result)) WHEN 'array' THEN json_array_length(COALESCE(p_result -> 'rows', p_result)) END
$function$;
COMMENT ON FUNCTION df._row_count(json) IS 'Internal: how many rows a result has, or elements when it is an array; NULL for any other.';
