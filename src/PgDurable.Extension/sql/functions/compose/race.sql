CREATE FUNCTION df.race(a text, b text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"RACE","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}';
END
$function$;
COMMENT ON FUNCTION df.race(text, text) IS
    'Runs both at the same time. The first to end decides, and the other one is stopped. Operator: a | b.';
