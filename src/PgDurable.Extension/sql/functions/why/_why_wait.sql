CREATE FUNCTION df._why_wait(p_instance_no bigint, p_kind text, p_name text, p_until timestamptz, p_node integer, p_path text,
                             p_depth integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_config jsonb;
    v_name   text := df._one_line(p_name, 60);
    v_until  text := df._until(p_until);
BEGIN
    IF p_kind IN ('WAIT_SCHEDULE', 'RETRY') THEN
        SELECT df._jsonb(n.query::json) INTO v_config
          FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id CROSS JOIN LATERAL df._graph_nodes(g.graph) n
         WHERE s.instance_no = p_instance_no AND n.node = p_node;
    END IF;
    RETURN CASE p_kind
        WHEN 'SLEEP' THEN format('It sleeps until %s.', v_until)
        WHEN 'WAIT_SCHEDULE' THEN format('It waits for the next tick of "%s"%s: %s.', df._one_line(v_config ->> 'cron_expr', 60),
            COALESCE(' in ' || df._one_line(v_config ->> 'timezone', 60), ''), v_until)
        WHEN 'SIGNAL' THEN format('It waits for signal "%s"%s.', v_name, COALESCE(', at most until ' || v_until, ''))
        WHEN 'TIMEOUT' THEN format('A df.timeout ends what it does at %s.', v_until)
        WHEN 'LOOP' THEN format('It begins its next iteration at %s.', v_until)
        WHEN 'START' THEN format('It starts at %s.', v_until)
        WHEN 'RETRY' THEN df._why_retry(p_instance_no, (v_config ->> 'max_attempts')::integer, p_path, v_until)
        WHEN 'CALL' THEN df._why_call(p_instance_no, v_name, p_node, p_path, p_depth)
        WHEN 'ACTIVITY' THEN df._why_task(p_instance_no, v_name, p_node, p_path)
        WHEN 'WORKER' THEN df._why_due(p_instance_no)
        ELSE format('It waits: %s.', df._one_line(p_kind, 60)) END;
END
$function$;
COMMENT ON FUNCTION df._why_wait(bigint, text, text, timestamptz, integer, text, integer) IS 'Internal: one wait, for df.why.';
