CREATE FUNCTION df._foreach_problem(p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_identifier CONSTANT text := '^[a-zA-Z_][a-zA-Z0-9_]*$';
BEGIN
    RETURN CASE
        WHEN jsonb_typeof(p_config -> 'rows') IS DISTINCT FROM 'string' OR p_config ->> 'rows' !~ c_identifier
            THEN format('df.foreach: rows must be the name of a result, not ''%s''', p_config ->> 'rows')
        WHEN jsonb_typeof(p_config -> 'item_name') IS DISTINCT FROM 'string' OR p_config ->> 'item_name' !~ c_identifier
            THEN format('df.foreach: item name ''%s'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*',
                        p_config ->> 'item_name')
        WHEN p_config ->> 'item_name' = 'input' THEN 'df.foreach: item name ''input'' is taken: $input is the input given to df.start'
        WHEN p_config ->> 'max_parallel' IS NOT NULL
            THEN df._number_problem('max_parallel', p_config -> 'max_parallel', 1, df._graph_limit('max_parallel'), true)
    END;
END
$function$;
COMMENT ON FUNCTION df._foreach_problem(jsonb) IS 'Internal: what is wrong with the config of a FOREACH node, or NULL.';
