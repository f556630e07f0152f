CREATE FUNCTION df._step_name(p_result_name text, p_query text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(p_result_name, left(regexp_replace(btrim(p_query, E' \t\r\n'), '\s+', ' ', 'g'), 60))
$function$;
COMMENT ON FUNCTION df._step_name(text, text) IS
    'Internal: what people call a step: the name of its result, or else the beginning of its SQL.';
