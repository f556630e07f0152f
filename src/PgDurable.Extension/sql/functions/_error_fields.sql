CREATE FUNCTION df._error_fields(p_error json)
RETURNS TABLE (message text, sqlstate text, step text, node text, attempt integer, sql text, detail text, hint text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._message(p_error), e ->> 'sqlstate', e ->> 'step', e ->> 'node', (e -> 'attempt')::integer, e ->> 'sql', e ->> 'detail', e ->> 'hint'
      FROM df._jsonb(p_error) e
$function$;
COMMENT ON FUNCTION df._error_fields(json) IS 'Internal: the parts of an error.';
