CREATE FUNCTION df.loop(body text, condition text DEFAULT NULL, min_interval_ms integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(body)
        || CASE WHEN condition IS NULL THEN '' ELSE ',"condition_node":' || df._as_node(condition) END;
BEGIN
    IF min_interval_ms IS NULL THEN
        RETURN '{"node_type":"LOOP"' || v_children || '}';
    END IF;
    RETURN df._config_node('LOOP', '{"min_interval_ms":' || min_interval_ms || '}', v_children);
END
$function$;
COMMENT ON FUNCTION df.loop(text, text, integer) IS
    'Runs the body, then again while the condition is true; without a condition until df.break. One that waits for nothing is paced: '
    'by pg_durable.min_loop_interval, or by min_interval_ms. Operator: @> body.';
