CREATE FUNCTION df.list_instances(status_filter text DEFAULT NULL, limit_count integer DEFAULT 100)
RETURNS TABLE (instance_id text, label text, function_name text, status text, execution_count bigint, output text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_limit integer := COALESCE(current_setting('pg_durable.list_instances_max_limit', true), '1000')::integer;
BEGIN
    IF limit_count < 1 THEN
        RAISE EXCEPTION 'limit_count must be at least 1' USING ERRCODE = 'invalid_parameter_value';
    ELSIF limit_count > v_limit THEN
        RAISE EXCEPTION 'df.list_instances: limit_count (%) exceeds pg_durable.list_instances_max_limit (%); request fewer rows', limit_count, v_limit
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    SELECT i.id::text, i.label, 'pg_durable::orchestration::execute-function-graph', i.status, 1::bigint,
           CASE i.status WHEN 'completed' THEN df.result(i.id) ELSE df.error(i.id)::json ->> 'message' END
      FROM df.instances i
     WHERE status_filter IS NULL OR i.status = status_filter
     ORDER BY i.created_at DESC, i.id
     LIMIT limit_count;
END
$function$;
COMMENT ON FUNCTION df.list_instances(text, integer) IS
    'Your instances, newest first, optionally of one status only. output is the result, or the message of the error.';
