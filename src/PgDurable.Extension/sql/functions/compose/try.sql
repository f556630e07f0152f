CREATE FUNCTION df.try(body text, handler text, finally text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"TRY","left_node":' || df._as_node(body) || ',"right_node":' || df._as_node(handler)
        || CASE WHEN finally IS NULL THEN '' ELSE ',"extra_nodes":[' || df._as_node(finally) || ']' END || '}';
END
$function$;
COMMENT ON FUNCTION df.try(text, text, text) IS
    'Runs body. If it fails, runs handler, which reads $error.message, .sqlstate, .node and .attempts. In any case runs finally at the '
    'end.';
