CREATE FUNCTION df._timeout_problem(p_seconds jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN jsonb_typeof(p_seconds) = 'number' AND p_seconds::numeric <= 0 THEN 'Timeout must be positive'
        ELSE df._number_problem('timeout_seconds', p_seconds, 1, df._graph_limit('max_wait_seconds'), true)
    END;
END
$function$;
COMMENT ON FUNCTION df._timeout_problem(jsonb) IS 'Internal: what is wrong with the timeout of a request, or NULL.';
