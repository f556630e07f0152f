CREATE FUNCTION df._number_problem(p_name text, p_value jsonb, p_min numeric, p_max numeric, p_whole boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF jsonb_typeof(p_value) = 'number' AND p_value::numeric BETWEEN p_min AND p_max
        AND NOT (p_whole AND p_value::text ~ '\.')
    THEN
        RETURN NULL;
    END IF;
    RETURN format('%s must be a %s from %s to %s', p_name, CASE WHEN p_whole THEN 'whole number' ELSE 'number' END, p_min, p_max);
END
$function$;
COMMENT ON FUNCTION df._number_problem(text, jsonb, numeric, numeric, boolean) IS
    'Internal: what is wrong with a number in a config, or NULL.';
