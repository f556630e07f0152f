CREATE FUNCTION df.join(a text, b text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"JOIN","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}';
END
$function$;
COMMENT ON FUNCTION df.join(text, text) IS
    'Runs both at the same time and waits for both; the result is an array of their results. Operator: a & b.';
