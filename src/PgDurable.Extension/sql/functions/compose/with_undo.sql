CREATE FUNCTION df.with_undo(forward text, undo text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"UNDO","left_node":' || df._as_node(forward) || ',"right_node":' || df._as_node(undo) || '}';
END
$function$;
COMMENT ON FUNCTION df.with_undo(text, text) IS
    'Runs forward. If a later step fails, the undos of what completed run, the last one first. Operator: forward <-> undo.';
