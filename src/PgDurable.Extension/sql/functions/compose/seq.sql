-- PL/pgSQL, like all composers: its plans outlive the statement, whereas a function in SQL is planned again at every position in a chain.
CREATE FUNCTION df.seq(a text, b text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"THEN","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}';
END
$function$;
COMMENT ON FUNCTION df.seq(text, text) IS 'Runs a, then b; the result is that of b. Operator: a ~> b.';
