CREATE FUNCTION df._why_running(p_instance_no bigint) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_since    timestamptz := COALESCE(
        (SELECT max(c.finished_at) FROM df.checkpoints c WHERE c.instance_no = p_instance_no),
        (SELECT q.started_at FROM df.queue q WHERE q.instance_no = p_instance_no));
    v_database text := (SELECT s.database FROM df.submissions s WHERE s.instance_no = p_instance_no);
    v_lines    text[];
BEGIN
    v_lines := ARRAY(
        SELECT CASE n.node_type
                WHEN 'SQL' THEN format('It runs statement "%s" since %s%s.', df._one_line(df._step_name(n.result_name, n.query), 60),
                    df._until(COALESCE(n.started_at, v_since)), COALESCE(', ' || df._why_statement(n.query, v_database), ''))
                WHEN 'ACTIVITY' THEN df._why_task(p_instance_no, NULL, n.node, n.path)
                ELSE format('It is at %s since %s.', df._one_line(df._explain_node(n.node_type, n.query, n.result_name, '{}', 0), 100),
                    df._until(COALESCE(n.started_at, v_since))) END
          FROM df._node_states(p_instance_no) n
         WHERE n.inferred_status = 'running' AND n.children = '{}'
         ORDER BY n.node);
    RETURN CASE v_lines WHEN '{}' THEN ARRAY['A worker has it in hand, between two steps.'] ELSE v_lines END;
END
$function$;
COMMENT ON FUNCTION df._why_running(bigint) IS 'Internal: what an instance in the hands of a worker does, for df.why.';
