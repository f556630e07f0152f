-- Composers check their arguments with it, and graphs written by hand are checked the same way.
CREATE FUNCTION df._config_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE p_type
        WHEN 'IF' THEN CASE
            WHEN p_config -> 'condition_type' IS DISTINCT FROM '"result_has_rows"'
                OR jsonb_typeof(p_config -> 'result_name') IS DISTINCT FROM 'string'
                THEN 'query in IF must be {"condition_type":"result_has_rows","result_name":"<name>"}' END
        WHEN 'LOOP' THEN CASE
            WHEN jsonb_typeof(p_config -> 'continue_on_failure') NOT IN ('boolean', 'null') THEN 'continue_on_failure must be true or false'
            WHEN p_config ->> 'min_interval_ms' IS NOT NULL
                THEN df._number_problem('min_interval_ms', p_config -> 'min_interval_ms', 0, df._graph_limit('max_interval_ms'), true) END
        WHEN 'BREAK' THEN CASE
            WHEN jsonb_typeof(p_config -> 'break_value') <> ALL (ARRAY['string', 'null']) THEN 'break_value must be a string'
            WHEN df._unusable_json(p_config ->> 'break_value') IS NOT NULL
                THEN 'df.break: no step can use this value: ' || df._unusable_json(p_config ->> 'break_value') END
        WHEN 'WAIT_SCHEDULE' THEN df._schedule_problem(p_config)
        WHEN 'SIGNAL' THEN CASE
            WHEN jsonb_typeof(p_config -> 'signal_name') IS DISTINCT FROM 'string' OR p_config ->> 'signal_name' = ''
                THEN 'Signal name cannot be empty'
            WHEN NOT df._is_reference(p_config ->> 'timeout_seconds') THEN CASE
                WHEN jsonb_typeof(p_config -> 'timeout_seconds') = 'number' AND (p_config ->> 'timeout_seconds')::numeric <= 0
                    THEN 'Timeout must be positive'
                ELSE df._number_problem('timeout_seconds', p_config -> 'timeout_seconds', 0.001, df._graph_limit('max_wait_seconds'), false)
                END END
        WHEN 'SLEEP' THEN CASE
            WHEN p_config ? 'until' THEN df._moment_problem(p_config -> 'until')
            WHEN COALESCE(NOT df._is_reference(p_config ->> 'seconds'), true)
                THEN 'seconds must be a reference' END
        WHEN 'HTTP' THEN df._http_problem(p_type, p_config)
        WHEN 'HTTP_MULTIPART' THEN df._http_problem(p_type, p_config)
        WHEN 'HTTP_JSON' THEN df._http_problem(p_type, p_config)
        WHEN 'RETRY' THEN df._retry_problem(p_config)
        WHEN 'TIMEOUT' THEN CASE
            WHEN p_config -> 'timeout_seconds' = '0'
                OR df._number_problem('', p_config -> 'timeout_seconds', 0, df._graph_limit('max_timeout_seconds'), false) IS NOT NULL
                THEN format('timeout_seconds must be more than 0 and at most %s', df._graph_limit('max_timeout_seconds')) END
        WHEN 'FAIL' THEN CASE
            WHEN jsonb_typeof(p_config -> 'message') IS DISTINCT FROM 'string' THEN 'df.fail: message must be a string'
            WHEN p_config ->> 'sqlstate' !~ '^[0-9A-Z]{5}$' OR jsonb_typeof(p_config -> 'sqlstate') NOT IN ('string', 'null')
                THEN format('df.fail: sqlstate ''%s'' must be a string of five characters from 0-9 and A-Z', p_config ->> 'sqlstate') END
        WHEN 'FOREACH' THEN df._foreach_problem(p_config)
        WHEN 'CALL' THEN CASE
            WHEN jsonb_typeof(p_config -> 'workflow') IS DISTINCT FROM 'string' OR p_config ->> 'workflow' = ''
                THEN 'df.call: workflow cannot be empty'
            WHEN p_config ->> 'version' IS NOT NULL
                THEN df._number_problem('version', p_config -> 'version', 1, df._graph_limit('max_version'), true) END
        WHEN 'ACTIVITY' THEN CASE
            WHEN COALESCE(jsonb_typeof(p_config -> 'activity') <> 'string', true)
                OR length(p_config ->> 'activity') NOT BETWEEN 1 AND df._graph_limit('max_activity_name')
                THEN format('df.activity: name must be a string of 1 to %s characters', df._graph_limit('max_activity_name'))
            WHEN p_config ->> 'queue' IS NOT NULL
                AND (jsonb_typeof(p_config -> 'queue') <> 'string'
                     OR length(p_config ->> 'queue') NOT BETWEEN 1 AND df._graph_limit('max_activity_name'))
                THEN format('df.activity: queue must be a string of 1 to %s characters', df._graph_limit('max_activity_name')) END
    END;
END
$function$;
COMMENT ON FUNCTION df._config_problem(text, jsonb) IS 'Internal: what is wrong with the config of a node of this type, or NULL.';
