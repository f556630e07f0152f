CREATE FUNCTION df.instance_nodes(instance_id_param text)
RETURNS TABLE (node_id text, node_type text, query text, result_name text, left_node text, right_node text, status text, result text,
               status_details text, inferred_status text, inferred_status_from_ancestor_id text, updated_at timestamptz)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT n.id, n.node_type, n.query, n.result_name, n.left_node, n.right_node, n.status, n.result::text,
           n.status_details::text, n.inferred_status, n.inferred_status_from_ancestor_id, n.updated_at
      FROM df.nodes n
     WHERE n.instance_id = instance_id_param
     ORDER BY n.id
$function$;
COMMENT ON FUNCTION df.instance_nodes(text) IS
    'The nodes of an instance and what became of them, as in df.nodes; no rows for an unknown id.';
