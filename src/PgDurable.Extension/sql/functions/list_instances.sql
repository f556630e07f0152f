CREATE FUNCTION df.list_instances(status_filter text DEFAULT NULL, limit_count integer DEFAULT 100)
RETURNS TABLE (instance_id text, label text, function_name text, status text, execution_count bigint, output text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT i.id, i.label, 'pg_durable::orchestration::execute-function-graph', i.status, i.execution_count, df._output(l.instance_no)
      FROM df._listed(status_filter, df._list_limit(limit_count), NULL, NULL, NULL) WITH ORDINALITY l (instance_no, place)
      JOIN df.submissions s ON s.instance_no = l.instance_no
      JOIN df.instances i ON i.id = s.id
     ORDER BY l.place
$function$;
COMMENT ON FUNCTION df.list_instances(text, integer) IS
    'Your instances, newest first, optionally of one status only. output is the result, or the message of the error.';
