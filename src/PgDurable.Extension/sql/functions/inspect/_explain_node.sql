-- The line of one node. Types that pg_durable does not have: RETRY (<attempts>), TIMEOUT (<seconds>s), TRY, FAIL '<message>', UNDO,
-- FOREACH <rows> AS <item>, CALL <workflow> v<version>, ACTIVITY <name> (<queue>), HTTP_JSON like HTTP, and the time zone of
-- WAIT in parentheses.
CREATE FUNCTION df._explain_node(p_type text, p_query text, p_name text, p_children text[], p_extras integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_config jsonb := CASE WHEN p_type <> 'SQL' THEN p_query::jsonb END;
    v_value  text := v_config ->> CASE p_type WHEN 'BREAK' THEN 'break_value' ELSE 'message' END;
    v_url    text := COALESCE(v_config ->> 'endpoint', '') || (v_config ->> 'url');
BEGIN
    RETURN CASE
        WHEN p_type = 'SQL' THEN 'SQL: ' || CASE WHEN length(p_query) > 50 THEN left(p_query, 47) || '...' ELSE p_query END
        WHEN p_type = 'SLEEP' THEN 'SLEEP ' || COALESCE(v_config ->> 'seconds', 'until ' || (v_config ->> 'until'), p_query || 's')
        WHEN p_type = 'WAIT_SCHEDULE' THEN format('WAIT ''%s''', v_config ->> 'cron_expr')
            || COALESCE(' (' || (v_config ->> 'timezone') || ')', '')
        WHEN p_type LIKE 'HTTP%' THEN format('%s %s ', p_type, COALESCE(v_config ->> 'method', 'POST'))
            || CASE WHEN length(v_url) > 40 THEN left(v_url, 37) || '...' ELSE v_url END
        WHEN p_type = 'SIGNAL' THEN format('SIGNAL ''%s''', v_config ->> 'signal_name')
            || COALESCE(' (' || (v_config ->> 'timeout_seconds')
                         || CASE jsonb_typeof(v_config -> 'timeout_seconds') WHEN 'number' THEN 's)' ELSE ')' END, '')
        WHEN p_type = 'LOOP' THEN format('LOOP (%s%s)', CASE WHEN 'condition_node' = ANY (p_children) THEN 'while' ELSE 'infinite' END,
            CASE WHEN v_config -> 'continue_on_failure' = 'true' THEN ', continue on failure' ELSE '' END)
        WHEN p_type IN ('BREAK', 'FAIL') THEN p_type
            || COALESCE(' ''' || CASE WHEN length(v_value) > 20 THEN left(v_value, 17) || '...' ELSE v_value END || '''', '')
        WHEN p_type = 'JOIN' THEN format('JOIN (%s)', 2 + p_extras)
        WHEN p_type = 'RETRY' THEN format('RETRY (%s)', v_config ->> 'max_attempts')
        WHEN p_type = 'TIMEOUT' THEN format('TIMEOUT (%ss)', v_config ->> 'timeout_seconds')
        WHEN p_type = 'FOREACH' THEN format('FOREACH %s AS %s', v_config ->> 'rows', v_config ->> 'item_name')
        WHEN p_type = 'CALL' THEN 'CALL ' || (v_config ->> 'workflow') || COALESCE(' v' || (v_config ->> 'version'), '')
        WHEN p_type = 'ACTIVITY' THEN 'ACTIVITY ' || (v_config ->> 'activity') || COALESCE(' (' || (v_config ->> 'queue') || ')', '')
        ELSE p_type
    END || CASE WHEN p_type <> 'RACE' AND p_name IS NOT NULL THEN format(' |=> ''%s''', p_name) ELSE '' END;
END
$function$;
COMMENT ON FUNCTION df._explain_node(text, text, text, text[], integer) IS 'Internal: the line that df.explain prints for a node.';
