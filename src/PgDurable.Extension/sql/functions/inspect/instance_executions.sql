CREATE FUNCTION df.instance_executions(instance_id text, limit_count integer DEFAULT 5)
RETURNS TABLE (execution_id bigint, status text, event_count bigint, duration_ms bigint, output text)
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_limit integer := LEAST(limit_count, 10000);
BEGIN
    IF limit_count < 1 THEN
        RAISE EXCEPTION 'limit_count must be at least 1' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    WITH instance AS MATERIALIZED (
        SELECT s.instance_no, i.status, i.execution_count AS current, i.started_at, i.ended_at,
               df._root_type(s.instance_no) = 'LOOP' AS loops
          FROM df.submissions s JOIN df.instances i ON i.id = s.id WHERE s.id = $1
    ), carried AS MATERIALIZED (
        SELECT substr(c.path, 3)::bigint AS execution, c.started_at, c.finished_at, c.result
          FROM instance i JOIN df.checkpoints c ON c.instance_no = i.instance_no
         WHERE i.loops AND c.node = 0 AND c.path <> '' AND c.error IS NULL
    )
    SELECT i.current,
           CASE i.status WHEN 'completed' THEN 'Completed' WHEN 'failed' THEN 'Failed' WHEN 'cancelled' THEN 'Failed' ELSE 'Running' END,
           (SELECT count(*) FROM df.checkpoints c WHERE c.instance_no = i.instance_no) - (SELECT count(*) FROM carried),
           COALESCE(1000 * extract(epoch FROM i.ended_at
                                              - COALESCE((SELECT max(c.finished_at) FROM carried c), i.started_at, i.ended_at)), 0)::bigint,
           df._output(i.instance_no)
      FROM instance i
    UNION ALL
    (SELECT c.execution, 'ContinuedAsNew', 1, (1000 * extract(epoch FROM GREATEST(c.finished_at - c.started_at, '0')))::bigint,
            df._compact(c.result::text)
       FROM carried c ORDER BY c.execution DESC)
    LIMIT v_limit;
END
$function$;
COMMENT ON FUNCTION df.instance_executions(text, integer) IS
    'The iterations of a graph that is a loop, newest first: the current one, and the last ones before it, whose output is what the next '
    'iteration began with. One row for any other graph.';
