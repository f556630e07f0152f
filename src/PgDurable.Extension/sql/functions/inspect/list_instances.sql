CREATE FUNCTION df.list_instances(status_filter text DEFAULT NULL, limit_count integer DEFAULT 100)
RETURNS TABLE (instance_id text, label text, function_name text, status text, execution_count bigint, output text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
DECLARE
    v_limit integer := df._list_limit(limit_count);
BEGIN
    RETURN QUERY
    SELECT i.id::text, i.label, 'pg_durable::orchestration::execute-function-graph', i.status, i.execution_count, df._output(l.instance_no)
      FROM df._listed(lower(status_filter), v_limit, NULL, NULL, NULL) WITH ORDINALITY l (instance_no, place)
      JOIN df.submissions s ON s.instance_no = l.instance_no
      JOIN df.instances i ON i.id = s.id
     ORDER BY l.place;
END
$function$;
COMMENT ON FUNCTION df.list_instances(text, integer) IS
    'Your instances, newest first, optionally only those with one status. output is the result or the error message.';
