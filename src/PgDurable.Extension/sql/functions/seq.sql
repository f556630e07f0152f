CREATE FUNCTION df.seq(a text, b text) RETURNS text
LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '{"node_type":"THEN","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}'
$function$;
COMMENT ON FUNCTION df.seq(text, text) IS 'First a, then b; the result is b''s. Operator: a ~> b.';
