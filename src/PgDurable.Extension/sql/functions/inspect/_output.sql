CREATE FUNCTION df._output(p_instance_no bigint) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE o.status WHEN 'completed' THEN df._compact(COALESCE(o.result, c.result)::text) ELSE df._message(o.error) END
      FROM df.outcomes o
      LEFT JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
     WHERE o.instance_no = p_instance_no
$function$;
COMMENT ON FUNCTION df._output(bigint) IS
    'Internal: the result of an instance as compact JSON, or the message of its error; NULL until it ends.';
