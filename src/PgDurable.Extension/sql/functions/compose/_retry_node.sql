CREATE FUNCTION df._retry_node(p_node text, p_max_attempts integer, p_delay_json text, p_backoff numeric, p_max_delay_seconds numeric,
                               p_retry_on text[], p_retry_after boolean) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(p_node);
BEGIN
    RETURN df._config_node('RETRY', format('{"max_attempts":%s,"delay_seconds":%s,"backoff":%s,"max_delay_seconds":%s,"retry_on":%s%s}',
        COALESCE(to_json(p_max_attempts)::text, 'null'), COALESCE(p_delay_json, 'null'),
        COALESCE(to_json(trim_scale(p_backoff))::text, 'null'), COALESCE(to_json(trim_scale(p_max_delay_seconds))::text, 'null'),
        COALESCE(array_to_json(p_retry_on)::text, 'null'), CASE WHEN p_retry_after THEN ',"retry_after":true' ELSE '' END), v_children);
END
$function$;
COMMENT ON FUNCTION df._retry_node(text, integer, text, numeric, numeric, text[], boolean) IS
    'Internal: a RETRY node. Its delay is JSON: a number or a reference.';
