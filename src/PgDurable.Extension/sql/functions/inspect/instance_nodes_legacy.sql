CREATE FUNCTION df.instance_nodes(instance_id_param text, _last_n_executions integer)
RETURNS TABLE (execution_id bigint, node_id text, node_type text, query text, result_name text, left_node text, right_node text,
               status text, result text, updated_at timestamptz)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT 1::bigint, n.id, n.node_type, n.query, n.result_name, n.left_node, n.right_node, n.status, n.result::text, n.updated_at
      FROM df.nodes n
     WHERE n.instance_id = instance_id_param
     ORDER BY n.id
$function$;
COMMENT ON FUNCTION df.instance_nodes(text, integer) IS 'The older form of df.instance_nodes(text); the second argument has no effect.';
