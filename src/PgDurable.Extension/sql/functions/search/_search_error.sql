CREATE FUNCTION df._search_error(p_position integer, p_problem text, p_hint text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RAISE EXCEPTION 'df.search: at character %: %', p_position, p_problem USING ERRCODE = 'invalid_parameter_value', HINT = p_hint;
END
$function$;
COMMENT ON FUNCTION df._search_error(integer, text, text) IS 'Internal: refuses a query of df.search.';
