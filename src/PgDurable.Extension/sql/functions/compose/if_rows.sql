CREATE FUNCTION df.if_rows(result_name text, then_branch text, else_branch text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- The name is checked when the graph is started: here nothing is known about what comes before.
    RETURN '{"node_type":"IF","left_node":' || df._as_node(then_branch) || ',"right_node":' || df._as_node(else_branch)
        || ',"query":' || to_json('{"condition_type":"result_has_rows","result_name":' || to_json(result_name)::text || '}')::text || '}';
END
$function$;
COMMENT ON FUNCTION df.if_rows(text, text, text) IS
    'Runs one of two branches: then_branch if the named result has rows, else_branch if not.';
