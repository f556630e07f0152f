CREATE FUNCTION df.timeout(node text, seconds numeric) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(node);
BEGIN
    RETURN df._config_node('TIMEOUT', '{"timeout_seconds":' || to_json(trim_scale(seconds))::text || '}', v_children);
END
$function$;
COMMENT ON FUNCTION df.timeout(text, numeric) IS
    'Fails a node with SQLSTATE DF005 if it takes longer than this many seconds; what it is running is stopped.';
