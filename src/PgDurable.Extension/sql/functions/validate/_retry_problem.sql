CREATE FUNCTION df._retry_problem(p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_states jsonb := NULLIF(p_config -> 'retry_on', 'null');
    v_state  text;
BEGIN
    IF jsonb_typeof(v_states) = 'array' THEN
        SELECT s.value INTO v_state FROM jsonb_array_elements(v_states) s WHERE s.value::text !~ '^"([0-9A-Z]{2}|[0-9A-Z]{5})"$' LIMIT 1;
    END IF;
    RETURN CASE
        WHEN v_state IS NOT NULL
            THEN format('retry_on: %s is neither a SQLSTATE (five characters from 0-9 and A-Z) nor a class (its first two)', v_state)
        WHEN jsonb_typeof(v_states) <> 'array' OR v_states = '[]' THEN 'retry_on must be a list of SQLSTATEs'
        WHEN jsonb_typeof(p_config -> 'retry_after') NOT IN ('boolean', 'null') THEN 'retry_after must be true or false'
        ELSE COALESCE(df._number_problem('max_attempts', p_config -> 'max_attempts', 1, df._graph_limit('max_attempts'), true),
                      CASE WHEN NOT COALESCE(df._is_reference(p_config ->> 'delay_seconds'), false)
                           THEN df._number_problem('delay_seconds', p_config -> 'delay_seconds', 0,
                                                   df._graph_limit('max_delay_seconds'), false)
                      END,
                      df._number_problem('backoff', p_config -> 'backoff', 1, df._graph_limit('max_backoff'), false),
                      df._number_problem('max_delay_seconds', p_config -> 'max_delay_seconds', 0,
                                         df._graph_limit('max_delay_seconds'), false))
    END;
END
$function$;
COMMENT ON FUNCTION df._retry_problem(jsonb) IS 'Internal: what is wrong with the config of a RETRY node, or NULL.';
