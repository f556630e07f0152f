-- By its text, which the composers write to the byte: a worker calls this, and no graph that a user stored may fail it.
CREATE FUNCTION df._undoes_on_cancel(p_instance bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM df.queue q
          JOIN df.submissions s ON s.instance_no = q.instance_no
          JOIN df.graphs g ON g.graph_id = s.graph_id
         CROSS JOIN (VALUES (
            ',"right_node":{"node_type":"THEN","left_node":{"node_type":"SIGNAL",'
            '"query":"{\"signal_name\":\"sys_cancel\",\"timeout_seconds\":null}","result_name":"sys_cancel"},'
            '"right_node":{"node_type":"FAIL","query":"{\"message\":\"canceled: $sys_cancel.data\",\"sqlstate\":\"DF023\"}"}}}'
            )) e (ending)
         WHERE q.instance_no = p_instance AND q.started_at IS NOT NULL
           AND starts_with(g.graph, '{"node_type":"RACE",') AND right(g.graph, length(e.ending)) = e.ending)
$function$;
COMMENT ON FUNCTION df._undoes_on_cancel(bigint) IS
    'Internal: whether an instance has begun a graph of df.undo_on_cancel, and so has steps to undo when it is cancelled.';
