CREATE FUNCTION df._with_member(p_node text, p_key text, p_value json) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '{' || string_agg(to_json(e.key)::text || ':' || e.value::text, ',' ORDER BY e.place) || '}'
      FROM (SELECT m.key, m.value,
                   array_position('{node_type,left_node,right_node,condition_node,extra_nodes,query,result_name}', m.key) AS place
              FROM (SELECT k.key, k.value FROM json_each(p_node::json) k WHERE k.key <> p_key
                    UNION ALL
                    SELECT p_key, p_value) m) e
     WHERE e.place IS NOT NULL AND json_typeof(e.value) <> 'null'
$function$;
COMMENT ON FUNCTION df._with_member(text, text, json) IS
    'Internal: an envelope with one member replaced: its keys in their fixed order, the other members byte for byte.';
