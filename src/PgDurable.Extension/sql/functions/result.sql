CREATE FUNCTION df.result(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT c.result::jsonb::text
      FROM df.submissions s
      JOIN df.outcomes o ON o.instance_no = s.instance_no
      JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
     WHERE s.id = instance_id AND o.status = 'completed'
$function$;
COMMENT ON FUNCTION df.result(text) IS 'The result of a completed instance as JSON text; NULL for any other.';
