CREATE FUNCTION df.loop(body text, condition text DEFAULT NULL, continue_on_failure boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(body)
        || CASE WHEN condition IS NULL THEN '' ELSE ',"condition_node":' || df._as_node(condition) END;
BEGIN
    IF continue_on_failure THEN
        RETURN df._config_node('LOOP', '{"continue_on_failure":true}', v_children);
    END IF;
    RETURN '{"node_type":"LOOP"' || v_children || '}';
END
$function$;
COMMENT ON FUNCTION df.loop(text, text, boolean) IS
    'Runs the body, then again while the condition is true; without a condition, until df.break. One iteration takes at least '
    'pg_durable.min_loop_interval, unless df.pace says otherwise. With continue_on_failure, a step that fails ends its iteration but not '
    'the loop. Operator: @> body.';
