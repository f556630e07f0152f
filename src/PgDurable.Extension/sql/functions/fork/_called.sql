CREATE FUNCTION df._called(p_node df._step) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN format('"%s" (node %s)', df._one_line(df._step_name(p_node.result_name, df._node_title(p_node)), 60), df._node_id(p_node.node));
END
$function$;
COMMENT ON FUNCTION df._called(df._step) IS 'Internal: a node as messages name it.';
