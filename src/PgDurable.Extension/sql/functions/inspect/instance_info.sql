CREATE FUNCTION df.instance_info(instance_id text)
RETURNS TABLE (instance_id text, label text, function_name text, function_version text, current_execution_id bigint, status text,
               output text)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT i.id, i.label, 'pg_durable::orchestration::execute-function-graph', '1.0.0', i.execution_count, i.status,
           df._output(s.instance_no)
      FROM df.submissions s JOIN df.instances i ON i.id = s.id
     WHERE s.id = $1
$function$;
COMMENT ON FUNCTION df.instance_info(text) IS 'The status of an instance, and its result or error message; no row for an unknown id.';
