-- By its text, which the composers write to the byte: a worker calls this, and no graph that a user stored may fail it.
CREATE FUNCTION df._is_undone_on_cancel(p_graph text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT starts_with(p_graph, '{"node_type":"RACE",') AND right(p_graph, length(e.ending)) = e.ending
      FROM (VALUES (
            ',"right_node":{"node_type":"THEN","left_node":{"node_type":"SIGNAL",'
            '"query":"{\"signal_name\":\"sys_cancel\",\"timeout_seconds\":null}","result_name":"sys_cancel"},'
            '"right_node":{"node_type":"FAIL","query":"{\"message\":\"canceled: $sys_cancel.data\",\"sqlstate\":\"DF023\"}"}}}'
            )) e (ending)
$function$;
COMMENT ON FUNCTION df._is_undone_on_cancel(text) IS 'Internal: whether a graph is one of df.undo_on_cancel.';
