-- PL/pgSQL, like all composers: its plans outlive the statement, where a function in SQL is planned anew at every place of a chain.
CREATE FUNCTION df.seq(a text, b text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"THEN","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}';
END
$function$;
COMMENT ON FUNCTION df.seq(text, text) IS 'First a, then b; the result is b''s. Operator: a ~> b.';
